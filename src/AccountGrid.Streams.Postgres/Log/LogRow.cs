namespace AccountGrid.Streams.Postgres;

/// <summary>Takes apart a row of <c>log_batch</c> that a program reads with its own SQL, for audits and repairs.</summary>
public static class LogRow
{
    /// <summary>The appends of a row. Throws <see cref="FormatException"/> if it does not hold exactly the records that it says.</summary>
    public static IReadOnlyList<LogEntry> Entries(byte[] payload, long firstPosition, int recordCount)
    {
        var entries = new List<LogEntry>();
        LogFraming.Read(payload, firstPosition, recordCount, entries);
        return entries;
    }
}
