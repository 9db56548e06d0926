namespace AccountGrid.Host.Grpc;

/// <summary>Quality codes of a batch's table; the rest of the class is made from readings.proto.</summary>
internal sealed partial class Quality
{
    /// <summary>Number of a field that is not known; 0 where there is none.</summary>
    public int UnknownField => UnknownFields.First(_unknownFields);
}
