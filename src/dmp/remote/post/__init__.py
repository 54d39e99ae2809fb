"""Notices on their way to people: a mail server by SMTP, an SMS gateway by HTTPS, the words they carry."""
