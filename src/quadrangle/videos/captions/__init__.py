"""What is said in a video, to be read: files of any encoding, always written anew as WebVTT."""
