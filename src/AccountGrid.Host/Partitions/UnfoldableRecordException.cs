using AccountGrid.Domain.Commands;

namespace AccountGrid.Host.Partitions;

/// <summary>A record of the log cannot be folded.</summary>
internal sealed class UnfoldableRecordException(long position, int count, Exception cause, int account = 0,
    Check? check = null) : Exception(cause.Message, cause)
{
    /// <summary>The record, where it is a check of several accounts; null for any other.</summary>
    public Check? Check { get; } = check;

    /// <summary>The account that the record is about; 0 where it cannot be told.</summary>
    public int Account { get; } = account;

    public long Position { get; } = position;

    /// <summary>Records from there on that cannot be folded with it.</summary>
    public int Count { get; } = count;
}
