"""What is watched for: situations of a person, allergies, critical values."""
