using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Years;

/// <summary>A payment through a channel, as the channel's own books have it.</summary>
/// <param name="txn">The channel's own id of it.</param>
internal sealed class YearSale(string txn, string channel, YearPerson person, long nano)
{
    public string Txn => txn;

    public string Channel => channel;

    public YearPerson Person => person;

    public long Nano => nano;

    /// <summary>What the agent keeps; zero for other channels.</summary>
    public long CommissionNano { get; init; }

    /// <summary>The other end of a sale out of a float, which whoever waits for its outcome appends too; null for other channels.</summary>
    public LogAppend? Received { get; init; }

    /// <summary>Position of the payment in its account's log; -1 until it is known.</summary>
    public long Position { get; set; } = -1;

    /// <summary>The float could not pay it: it must not be booked.</summary>
    public bool IsRefused { get; init; }

    public bool IsReversed { get; set; }
}
