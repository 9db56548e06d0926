using System.Buffers.Text;

namespace AccountGrid.Host.Events;

/// <summary>
/// A place in the list of events: for each partition the first position, and the number within it, that was not read. Partitions have no order between each
/// other, so no single number could say which of their events a reader has seen.
/// </summary>
internal sealed class EventCursor
{
    private const byte Version = 1;
    private const int TagBytes = 8;

    private readonly (long Position, int Sequence)[] _places;

    public EventCursor(int partitions) => _places = new (long, int)[partitions];

    private EventCursor((long, int)[] places) => _places = places;

    public int Partitions => _places.Length;

    public (long Position, int Sequence) this[int partition] => _places[partition];

    /// <summary>Before everything at positions.</summary>
    /// <param name="positions">By partition; partitions behind its end begin at 0.</param>
    public static EventCursor At(int partitions, IReadOnlyList<long> positions) =>
        new([.. Enumerable.Range(0, partitions).Select(p => (p < positions.Count ? positions[p] : 0, 0))]);

    public EventCursor With(IEnumerable<(int Partition, long Position, int Sequence)> moved)
    {
        var places = ((long Position, int Sequence)[])_places.Clone();
        foreach (var (partition, position, sequence) in moved)
        {
            places[partition] = (position, sequence);
        }

        return new(places);
    }

    /// <summary>Of each partition the earlier place of both.</summary>
    public EventCursor Earlier(EventCursor other) => new([.. _places.Zip(other._places, (a, b) => a.CompareTo(b) <= 0 ? a : b)]);

    /// <summary>Of each partition the later place of both.</summary>
    public EventCursor Later(EventCursor other) => new([.. _places.Zip(other._places, (a, b) => a.CompareTo(b) >= 0 ? a : b)]);

    /// <summary>Whether it stands at the same place as the other, or behind it, in every partition.</summary>
    public bool HasReached(EventCursor other) => _places.Zip(other._places, (a, b) => a.CompareTo(b) >= 0).All(reached => reached);

    /// <summary>Whether an event is not read yet.</summary>
    public bool IsAhead(EventPlace place) => (place.Position, place.Sequence).CompareTo(_places[place.Partition]) >= 0;

    /// <summary>As bytes: a version, the tag of the list, and two numbers for each partition, seven bits a byte.</summary>
    public byte[] ToBytes(ReadOnlySpan<byte> tag)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        writer.Write(tag[..TagBytes]);
        writer.Write7BitEncodedInt(_places.Length);
        foreach (var (position, sequence) in _places)
        {
            writer.Write7BitEncodedInt64(position);
            writer.Write7BitEncodedInt(sequence);
        }

        return bytes.ToArray();
    }

    /// <summary>Null where the bytes are not a cursor of this list and of so many partitions.</summary>
    public static EventCursor? Read(byte[] bytes, ReadOnlySpan<byte> tag, int partitions)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        try
        {
            if (reader.ReadByte() != Version || !tag[..TagBytes].SequenceEqual(reader.ReadBytes(TagBytes)) || reader.Read7BitEncodedInt() != partitions)
            {
                return null;
            }

            var places = new (long Position, int Sequence)[partitions];
            for (var i = 0; i < partitions; i++)
            {
                places[i] = (reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt());
                if (places[i].Position < 0 || places[i].Sequence < 0)
                {
                    return null;
                }
            }

            return reader.BaseStream.Position == reader.BaseStream.Length ? new(places) : null;
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            return null;
        }
    }

    public string ToText(ReadOnlySpan<byte> tag) => Base64Url.EncodeToString(ToBytes(tag));

    /// <summary>Null where the text is not a cursor of this list.</summary>
    public static EventCursor? Parse(string text, ReadOnlySpan<byte> tag, int partitions)
    {
        try
        {
            return Read(Base64Url.DecodeFromChars(text), tag, partitions);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
