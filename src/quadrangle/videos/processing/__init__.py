"""From an uploaded file to what players take: probed, transcoded, published."""
