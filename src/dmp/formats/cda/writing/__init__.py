"""The parts of writing a CDA: elements, body, frame of a document, measured results."""
