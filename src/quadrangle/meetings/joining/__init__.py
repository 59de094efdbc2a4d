"""How people come in: links, lobby, joining, tickets for desktops."""
