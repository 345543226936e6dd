"""People's own programs as runs: any `async def` that uses anyio or asyncio, on virtual time, under a search of choices."""
