namespace AccountGrid.Host.Payments;

/// <summary>A payment id of a channel as the table has it. Names are those of its columns.</summary>
internal sealed record ChannelPaymentRow
{
    public required string Channel { get; init; }

    public required string Txn { get; init; }

    public required string Status { get; init; }

    public byte[]? Body_Hash { get; init; }

    public string? Account { get; init; }

    public long Amount_Nano { get; init; }

    public string? Currency { get; init; }

    public int Attempt { get; init; }

    public long? Payment_Position { get; init; }

    public string? Answer { get; init; }

    public DateTimeOffset? Booked_At { get; init; }

    public string? Query_Ref { get; init; }

    /// <summary>The agent that sold it out of its float.</summary>
    public string? Agent { get; init; }

    /// <summary>The money is in the channel's suspense account.</summary>
    public bool In_Suspense { get; init; }

    /// <summary>Code of why it is held or was rejected.</summary>
    public string? Held_Because { get; init; }

    public string? Rejected_Detail { get; init; }

    /// <summary>Who assigned it to an account while it was held.</summary>
    public string? Assigned_By { get; init; }

    /// <summary>The reversal that took it back.</summary>
    public string? Reversed_By { get; init; }

    /// <summary>What the log knows the booking by: again the same, it moves money once.</summary>
    /// <remarks>A step at another account than the payer's has a prefix: keys of one partition are one space.</remarks>
    public string LogKey => $"channel:{Channel}:{Txn}:{Attempt}";
}
