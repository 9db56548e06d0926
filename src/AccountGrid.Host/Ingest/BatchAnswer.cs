namespace AccountGrid.Host.Ingest;

/// <summary>Answer to a pushed batch, after its commit. What a sender does with a rejected line is said by its <see cref="ReadingError.Resend"/>.</summary>
/// <param name="BatchId">The request's Idempotency-Key, or one made for it.</param>
/// <param name="Accepted">Durable from now on. A duplicate that only the meter can see counts here.</param>
/// <param name="Duplicates">The same reading again within the batch.</param>
/// <param name="Rejected">Lines that were not taken.</param>
/// <param name="Errors">All lines that must be sent again later, and the first 1,000 of the others.</param>
public sealed record BatchAnswer(string BatchId, int Accepted, int Duplicates, int Rejected,
    IReadOnlyList<ReadingError> Errors);
