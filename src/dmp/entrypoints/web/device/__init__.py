"""The person's own device: passkeys, letters with a code, the account, locking, and what the device keeps."""
