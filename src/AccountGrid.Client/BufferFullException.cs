namespace AccountGrid.Client;

/// <summary>The buffer holds as many bytes as it may: the readings were not added, and those that are in it are kept.</summary>
/// <param name="bytes">Bytes that are not acknowledged.</param>
/// <param name="most"><see cref="GatewayOptions.BufferBytesMax"/>.</param>
public sealed class BufferFullException(long bytes, long most) : IOException(
    $"The buffer holds {bytes} bytes of readings that the grid has not acknowledged; BufferBytesMax is {most}. Nothing of this call was added.")
{
    /// <summary>Bytes that are not acknowledged.</summary>
    public long Bytes { get; } = bytes;
}
