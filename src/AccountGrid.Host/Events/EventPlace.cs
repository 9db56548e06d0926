using System.Globalization;

namespace AccountGrid.Host.Events;

/// <summary>Names an event for ever: the partition whose log it is in, the record that it follows from, and its number there.</summary>
internal readonly record struct EventPlace(int Partition, long Position, int Sequence)
{
    /// <summary>Null for anything that is not written as <see cref="ToString"/> writes it.</summary>
    public static EventPlace? Parse(string text)
    {
        var parts = text.Split('-');
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && new EventPlace(partition, position, sequence) is var place && place.ToString() == text
            ? place
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}-{Position}-{Sequence}");
}
