namespace AccountGrid.Host.Grpc;

/// <summary>Bounds of what a gateway sends over gRPC, beside those of every push.</summary>
internal static class GrpcLimits
{
    /// <summary>
    /// Bytes of a batch, as sent and unpacked. 10,000 readings of as many meters take some 600 kB; a message of nothing but zeros, which unpack to eight bytes
    /// each, cannot fill the memory.
    /// </summary>
    public const int BatchBytesMax = 1 << 20;

    /// <summary>Batches of one stream that are under way; the next is read when the first of them is answered. Two are in commits while two gather.</summary>
    public const int BatchesAtOnce = 4;

    /// <summary>How long a batch of a stream waits for a partition whose fold is behind, before it is given back: it holds up the batches behind it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Characters of a batch's id, as of an Idempotency-Key.</summary>
    public const int BatchIdMax = 128;
}
