"""RFB, the protocol of VNC: who may do what on a desktop, enforced on the bytes that pass."""
