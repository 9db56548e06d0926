using System.Text.Json;
using AccountGrid.Domain.State;
using AccountGrid.Host.Notices;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>A silo's way to the outbox, as <see cref="PostgresOutbox"/> goes it by SQL.</summary>
internal sealed class SimOutbox(SimDatabase database, SimProcess process) : IOutboxStore
{
    public Task<int> ComposeAsync(int most, Func<DecidedMessage, ComposedMessage> compose, CancellationToken cancel) => database.CallAsync(process, () =>
    {
        var bare = database.Outbox.Values.Where(m => m is { State: "queued", Composed: null }).Take(most).ToList();
        bare.ForEach(m => m.Composed = compose(new DecidedMessage(
            m.Partition, m.Notice.Id, m.Notice.Kind.Code(), $"A{m.Notice.Account}", JsonSerializer.Serialize(m.Notice.Facts, JsonSerializerOptions.Web), null,
            "[]")));
        return bare.Count;
    });

    public Task<List<ClaimedMessage>> ClaimAsync(string channel, IReadOnlyCollection<string> channels, Guid token, DateTime now, DateTime until, int most,
        CancellationToken cancel) => database.CallAsync(process, () =>
    {
        var due = database.Outbox.Values.Where(m => channel == SimReceiver.Channel && m is { State: "queued", Composed: not null } && m.NextAt <= now)
            .OrderBy(m => m.NextAt).Take(most).ToList();
        foreach (var message in due)
        {
            message.Reclaims += message.Token is null ? 0 : 1;
            (message.Token, message.NextAt) = (token, until);
            message.Attempts++;
        }

        return due.ConvertAll(m => new ClaimedMessage(
            new OutboxMessage(m.Notice.Id, m.Notice.Kind.Code(), $"A{m.Notice.Account}",
                JsonSerializer.SerializeToElement(m.Notice.Facts, JsonSerializerOptions.Web),
                Domain.Instants.ToInstant(m.Notice.AtMs), m.Attempts, m.Composed!.Language, m.Composed.Subject, m.Composed.Text),
            JsonSerializer.Deserialize<List<ContactChannel>>(m.Composed.Ways, JsonSerializerOptions.Web)!, m.Way, m.Notice.Account, m.Partition, m.Notice.Quiet,
            m.ConfirmedMs));
    });

    public Task MarkAsync(int partition, string id, Guid token, OutboxMark mark) => database.CallAsync(process, () =>
    {
        var message = database.Outbox[id];
        if (message.Token == token)
        {
            message.Token = null;
            switch (mark)
            {
                case SentMark m:
                    message.State = m.By is null ? "sent" : "delivered";
                    break;
                case HeldMark m:
                    (message.NextAt, message.Attempts) = (m.Until, message.Attempts - 1);
                    break;
                case AgainMark m:
                    message.NextAt = m.At;
                    break;
                case NextWayMark m:
                    (message.NextAt, message.Attempts, message.Way) = (m.At, 0, message.Way + 1);
                    break;
                default:
                    message.State = "parked";
                    break;
            }
        }

        return 0;
    });

    public Task UnproveAsync(int partition, string id) => database.CallAsync(process, () =>
    {
        database.Outbox[id].State = database.Outbox[id].State == "delivered" ? "sent" : database.Outbox[id].State;
        return 0;
    });
}
