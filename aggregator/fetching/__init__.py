"""The downloader's side: what is fetched, how politely, and what is refused."""
