using Google.Protobuf;

namespace AccountGrid.Host.Grpc;

/// <summary>
/// Fields that this release does not know, which a message carries along. A column that is not looked at could be the one that makes a reading another
/// reading, as a misspelt field of JSON could: it is refused by its number.
/// </summary>
internal static class UnknownFields
{
    /// <summary>Number of the first; 0 where there is none.</summary>
    public static int First(UnknownFieldSet? fields)
    {
        if (fields is null || fields.CalculateSize() == 0)
        {
            return 0;
        }

        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            fields.WriteTo(output);
        }

        return WireFormat.GetTagFieldNumber(new CodedInputStream(bytes.ToArray()).ReadTag());
    }
}
