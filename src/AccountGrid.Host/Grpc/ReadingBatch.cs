namespace AccountGrid.Host.Grpc;

/// <summary>A batch as it was sent; the rest of the class is made from readings.proto.</summary>
internal sealed partial class ReadingBatch
{
    /// <summary>Number of a field that is not known; 0 where there is none.</summary>
    public int UnknownField => UnknownFields.First(_unknownFields);
}
