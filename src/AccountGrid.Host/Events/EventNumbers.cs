namespace AccountGrid.Host.Events;

/// <summary>Numbers of some events that stand for something with an id.</summary>
internal sealed class EventNumbers
{
    private readonly Dictionary<EventReference, HashSet<int>> _numbers = [];

    public void Add(EventReference of, int number)
    {
        if (!_numbers.TryGetValue(of, out var set))
        {
            _numbers[of] = set = [];
        }

        set.Add(number);
    }

    public int[] Of(EventReference reference) => _numbers.TryGetValue(reference, out var set) ? [.. set] : [];
}
