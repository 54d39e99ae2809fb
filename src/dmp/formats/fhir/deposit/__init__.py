"""What senders provide: documents with their metadata, alone or in a submission set."""
