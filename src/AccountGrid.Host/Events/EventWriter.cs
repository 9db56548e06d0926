using AccountGrid.Domain;
using Npgsql;

namespace AccountGrid.Host.Events;

/// <summary>Writes events as CloudEvents, with ids in the place of numbers.</summary>
internal sealed class EventWriter(NpgsqlDataSource database, EventOptions options)
{
    public async Task<List<CloudEvent>> WriteAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancel)
    {
        var numbers = new EventNumbers();
        foreach (var e in events)
        {
            numbers.Add(EventReference.Account, e.Account);
            e.Kind.Shape.Collect(e.Happened, numbers);
        }

        var names = await EventNames.LoadAsync(database, numbers, cancel);
        return [.. events.Select(e => Write(e, names))];
    }

    private CloudEvent Write(StoredEvent e, EventNames names)
    {
        var account = names.AccountOf(e.Account) ?? throw new InvariantBrokenException($"Event {e.Place} is of account {e.Account}, which there is not.");
        return new("1.0", e.Place.ToString(), options.Source, e.Kind.Type, account, Instants.ToInstant(e.AtMs), "application/json", e.Kind.SchemaPath, account,
            e.Kind.Shape.Write(e.Happened, names, e.Place, e.Account));
    }
}
