using AccountGrid.Domain;
using AccountGrid.Host.Notices;

namespace AccountGrid.LoadTest.Years;

/// <summary>The channel of all messages: now and then out of order, now and then without proof.</summary>
internal sealed class YearMessages(int seed, IReadOnlyDictionary<string, YearPerson> byId) : IMessageChannel
{
    private readonly Lock _gate = new();
    private readonly List<(YearPerson Person, string Id, string Kind, Money? Amount, Money? Balance, bool Proven)> _heard = [];

    public string Name => "file";

    public bool IsOn => true;

    /// <summary>Whether a message arrives follows from its name, and from nobody's timing.</summary>
    public Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
    {
        lock (_gate)
        {
            var draw = new Random(YearRun.Mix(seed, StableHash(message.Id), message.Attempt)).NextDouble();
            if (draw < 0.03)
            {
                throw new IOException("The channel is out of order.");
            }

            var proven = draw > 0.08;
            Money? Named(string name) => message.Body.TryGetProperty(name, out var text) && Money.TryParse(text.GetString(), out var money) ? money : null;
            _heard.Add((byId[message.Account], message.Id, message.Kind, Named("amount"), Named("balance"), proven));
            return Task.FromResult(proven ? Delivery.Delivered : Delivery.Sent);
        }
    }

    /// <summary>Senders work side by side; people hear in an order that does not depend on which was first.</summary>
    public void Hear(long nowMs)
    {
        foreach (var (person, id, kind, amount, balance, proven) in _heard.OrderBy(h => h.Id, StringComparer.Ordinal))
        {
            person.Hear(id, kind, amount, balance, nowMs, proven);
        }

        _heard.Clear();
    }

    private static int StableHash(string text) => text.Aggregate(17, (h, c) => unchecked((h * 31) + c));
}
