"""The demo's post: a catch-all mail server by real SMTP, an SMS gateway, and a page that shows what came."""
