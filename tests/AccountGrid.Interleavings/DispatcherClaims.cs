using System.Text.Json;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using AccountGrid.Streams.Postgres;
using Microsoft.Coyote.Specifications;
using Microsoft.Extensions.Logging.Abstractions;

namespace AccountGrid.Interleavings;

/// <summary>Two silos' senders and one outbox.</summary>
internal static class DispatcherClaims
{
    private static readonly NoticeTexts Texts = new(new NoticeOptions());
    private static readonly PersonalData Personal = PersonalData.Open(new SecurityOptions { PersonalDataKey = Convert.ToBase64String(new byte[32]) }, null!);
    private static readonly DateTime Epoch = new(2026, 3, 2, 3, 0, 0, DateTimeKind.Utc);

    /// <summary>Both go round while the first handing over of each message is not answered; a claim never runs out.</summary>
    public static async Task TwoSendersAsync()
    {
        var outbox = new Outbox(messages: 3, hasTokens: true);
        var receiver = new Receiver(unanswered: 1);
        await RoundsAsync(outbox, receiver, rounds: 3);
        foreach (var message in outbox.Messages)
        {
            var taken = receiver.Taken(message.Id);
            Specification.Assert(message.State != "sent" || taken > 0, $"{message.Id} is sent and never came.");
            Specification.Assert(taken <= 2, $"{message.Id} came {taken} times; one answer of it was lost.");
        }

        Specification.Assert(outbox.Messages.All(m => m.State == "sent"), "A message waits though all is well.");
    }

    /// <summary>Claims run out at once, so that each sender takes what the other is still about to mark.</summary>
    public static async Task LateMarkAsync()
    {
        var outbox = new Outbox(messages: 2, hasTokens: true) { ClaimsRunOut = true };
        var receiver = new Receiver(unanswered: 1);
        await RoundsAsync(outbox, receiver, rounds: 3);
        Specification.Assert(outbox.Messages.All(m => m.State != "sent" || receiver.Answered(m.Id)),
            "A message is marked as sent by a sender that was never told so.");
        Specification.Assert(outbox.ForeignMarks == 0, "A mark of another claim was taken.");
    }

    /// <summary>As it would be if a mark did not name its claim.</summary>
    public static async Task WithoutTokensAsync()
    {
        var outbox = new Outbox(messages: 2, hasTokens: false) { ClaimsRunOut = true };
        await RoundsAsync(outbox, new Receiver(unanswered: 1), rounds: 3);
        Specification.Assert(outbox.ForeignMarks == 0, "A mark of another claim was taken.");
    }

    private static async Task RoundsAsync(Outbox outbox, Receiver receiver, int rounds)
    {
        await Sender(outbox, receiver).ComposeSomeAsync(default);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var sender = Sender(outbox, receiver);
            for (var i = 0; i < rounds; i++)
            {
                await sender.SendSomeAsync(default);
            }
        })));
        await Sender(outbox, receiver).SendSomeAsync(default);
    }

    private static OutboxDispatcher Sender(Outbox outbox, Receiver receiver) =>
        new(outbox, [receiver], Texts, Personal, new NoLog(), new Still(), NullLogger<OutboxDispatcher>.Instance, new Random(1));

    private sealed class Message(string id)
    {
        public string Id { get; } = id;

        public string State { get; set; } = "queued";

        public Guid? Token { get; set; }

        public int Attempts { get; set; }

        public ComposedMessage? Composed { get; set; }
    }

    /// <summary>Each call is one transaction, at some moment between its beginning and its answer.</summary>
    private sealed class Outbox(int messages, bool hasTokens) : IOutboxStore
    {
        private readonly object _gate = new();

        public List<Message> Messages { get; } = [.. Enumerable.Range(1, messages).Select(i => new Message($"m{i}"))];

        public bool ClaimsRunOut { get; init; }

        public int ForeignMarks { get; private set; }

        public Task<int> ComposeAsync(int most, Func<DecidedMessage, ComposedMessage> compose, CancellationToken cancel) => InAsync(() =>
        {
            var facts = JsonSerializer.Serialize(new NoticeFacts { Balance = "1.00", Currency = "CNY", AtMs = 0 }, JsonSerializerOptions.Web);
            Messages.ForEach(m => m.Composed ??= compose(new DecidedMessage(0, m.Id, "low-balance", "A1", facts, null, "[]")));
            return Messages.Count;
        });

        public Task<List<ClaimedMessage>> ClaimAsync(string channel, IReadOnlyCollection<string> channels, Guid token, DateTime now, DateTime until, int most,
            CancellationToken cancel) => InAsync(() =>
        {
            var due = Messages.FindAll(m => channel == "file" && m.State == "queued" && (m.Token is null || ClaimsRunOut));
            foreach (var message in due)
            {
                message.Token = token;
                message.Attempts++;
            }

            return due.ConvertAll(m => new ClaimedMessage(
                new OutboxMessage(m.Id, "low-balance", "A1", JsonSerializer.SerializeToElement(new { }), Epoch, m.Attempts),
                JsonSerializer.Deserialize<List<ContactChannel>>(m.Composed!.Ways, JsonSerializerOptions.Web)!, 0, 1, 0, null));
        });

        public Task MarkAsync(int partition, string id, Guid token, OutboxMark mark) => InAsync(() =>
        {
            var message = Messages.Find(m => m.Id == id)!;
            if (message.Token == token || !hasTokens)
            {
                ForeignMarks += message.Token == token ? 0 : 1;
                (message.Token, message.State) = (null, mark is SentMark ? "sent" : "queued");
            }

            return 0;
        });

        public Task UnproveAsync(int partition, string id) => Task.CompletedTask;

        private async Task<T> InAsync<T>(Func<T> transaction)
        {
            await Task.Yield();
            T result;
            lock (_gate)
            {
                result = transaction();
            }

            await Task.Yield();
            return result;
        }
    }

    /// <summary>Takes every message; of the first so many of each, the sender does not hear.</summary>
    private sealed class Receiver(int unanswered) : IMessageChannel
    {
        private readonly Dictionary<string, int> _taken = [];
        private readonly HashSet<string> _answered = [];

        public string Name => "file";

        public bool IsOn => true;

        public async Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
        {
            await Task.Yield();
            bool answers;
            lock (_taken)
            {
                _taken[message.Id] = _taken.GetValueOrDefault(message.Id) + 1;
                answers = _taken[message.Id] > unanswered;
                if (answers)
                {
                    _answered.Add(message.Id);
                }
            }

            await Task.Yield();
            return answers ? Delivery.Sent : throw new TimeoutException("No answer.");
        }

        public int Taken(string id) => _taken.GetValueOrDefault(id);

        public bool Answered(string id) => _answered.Contains(id);
    }

    private sealed class Still : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Epoch;
    }

    private sealed class NoLog : IPartitionLog
    {
        public Task<AppendResult[]> AppendAsync(IReadOnlyList<LogAppend> appends) => throw new NotSupportedException();

        public Task<LogBatch?> ReadAsync(int partition, long from, int bytesMax) => throw new NotSupportedException();

        public Task TrimAsync(int partition, long before, DateTimeOffset olderThan) => throw new NotSupportedException();

        public bool IsApart(int partition) => false;

        public long LastKnownHead(int partition) => throw new NotSupportedException();
    }
}
