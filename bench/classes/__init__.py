"""Five kinds of platform, by what each of them can prove about a request that may have arrived.

    record key        a record under a key that we choose, made once: the same again changes nothing
    idempotency key   a repeated key gives the first post back, for an hour
    container         made first, published once; its state says whether it is public
    read back         nothing to tell a repeat by, but the account's posts can be read
    nothing           nothing at all: what is not answered stays unconfirmed

`vendors` and `serving` are the platforms, in a process of their own, which never see `scheduler`;
`adapters` are what the publishing speaks to them with; `standing` starts the one and reads what
became public; `campaigns` writes what there is to say.
"""

#: The order in which they are told.
CLASSES = ("record", "idempotency", "container", "readback", "nothing")
