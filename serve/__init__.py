"""HTTP and the desk."""
