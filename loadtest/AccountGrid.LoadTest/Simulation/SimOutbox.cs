using System.Text.Json;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>A row of the outbox.</summary>
internal sealed class SimMessage(NoticeEffect notice, int partition)
{
    public NoticeEffect Notice { get; set; } = notice;

    public long ConfirmedMs { get; set; }

    public int Partition { get; } = partition;

    public string State { get; set; } = "queued";

    public ComposedMessage? Composed { get; set; }

    public Guid? Token { get; set; }

    public int Attempts { get; set; }

    public int Way { get; set; }

    public DateTime NextAt { get; set; } = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(notice.AtMs, notice.NotBeforeMs)).UtcDateTime;

    /// <summary>Claims of it that nothing was heard of, after which it was anybody's again.</summary>
    public int Reclaims { get; set; }
}

/// <summary>A silo's way to the outbox, as <see cref="PostgresOutbox"/> goes it by SQL.</summary>
internal sealed class SimOutbox(SimDatabase database, SimProcess process) : IOutboxStore
{
    public Task<int> ComposeAsync(int most, Func<DecidedMessage, ComposedMessage> compose, CancellationToken cancel) => database.CallAsync(process, () =>
    {
        var bare = database.Outbox.Values.Where(m => m is { State: "queued", Composed: null }).Take(most).ToList();
        bare.ForEach(m => m.Composed = compose(new DecidedMessage(
            m.Partition, m.Notice.Id, m.Notice.Kind, $"A{m.Notice.Account}", JsonSerializer.Serialize(m.Notice.Facts, JsonSerializerOptions.Web), null, "[]")));
        return bare.Count;
    });

    public Task<List<ClaimedMessage>> ClaimAsync(string channel, IReadOnlyCollection<string> channels, Guid token, DateTime now, DateTime until, int most, CancellationToken cancel) => database.CallAsync(process, () =>
    {
        var due = database.Outbox.Values.Where(m => channel == SimReceiver.Channel && m is { State: "queued", Composed: not null } && m.NextAt <= now).OrderBy(m => m.NextAt).Take(most).ToList();
        foreach (var message in due)
        {
            message.Reclaims += message.Token is null ? 0 : 1;
            (message.Token, message.NextAt) = (token, until);
            message.Attempts++;
        }

        return due.ConvertAll(m => new ClaimedMessage(
            new OutboxMessage(m.Notice.Id, m.Notice.Kind, $"A{m.Notice.Account}", JsonSerializer.SerializeToElement(m.Notice.Facts, JsonSerializerOptions.Web), Domain.Instants.ToInstant(m.Notice.AtMs), m.Attempts, m.Composed!.Language, m.Composed.Subject, m.Composed.Text),
            JsonSerializer.Deserialize<List<ContactChannel>>(m.Composed.Ways, JsonSerializerOptions.Web)!, m.Way, m.Notice.Account, m.Partition, m.Notice.Quiet, m.ConfirmedMs));
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

/// <summary>Whoever messages go to. Knows what came, and how often somebody was left without its answer.</summary>
internal sealed class SimReceiver(SimWorld world, SimDatabase database, SimFaults faults)
{
    public const string Channel = "file";

    private static readonly NoticeTexts Texts = new(new NoticeOptions());
    private static readonly PersonalData Personal = PersonalData.Open(new SecurityOptions { PersonalDataKey = Convert.ToBase64String(new byte[32]) }, null!);

    private readonly SimProcess _process = new(world, "receiver");

    public Dictionary<string, int> Taken { get; } = [];

    public Dictionary<string, int> Unanswered { get; } = [];

    /// <summary>A silo's sender: the grid's own dispatcher, going round as the host lets it.</summary>
    public void StartSender(SimProcess process, IPartitionLog log)
    {
        var dispatcher = new OutboxDispatcher(new SimOutbox(database, process), [new Way(this, world, process)], Texts, Personal, log, process.Time, NullLogger<OutboxDispatcher>.Instance, world.Random);
        process.Start(async () =>
        {
            while (true)
            {
                try
                {
                    await dispatcher.ComposeSomeAsync(default);
                    await dispatcher.SendSomeAsync(default);
                }
                catch (Exception e) when (e is not SimViolation)
                {
                    // A round failed: the next one.
                }

                await process.DelayAsync(500_000);
            }
        });
    }

    /// <summary>Each message came, at least once; more often only where a sender could not know that it had come.</summary>
    public void Judge()
    {
        foreach (var (id, message) in database.Outbox)
        {
            var taken = Taken.GetValueOrDefault(id);
            SimCheck.That(taken > 0 || message.State == "withdrawn", $"Message {id} is {message.State} and never came.");
            var excused = message.Reclaims + Unanswered.GetValueOrDefault(id);
            SimCheck.That(taken <= 1 + excused, $"Message {id} came {taken} times, of which {excused} are excused.");
        }
    }

    private sealed class Way(SimReceiver receiver, SimWorld world, SimProcess process) : IMessageChannel
    {
        public string Name => Channel;

        public bool IsOn => true;

        public TimeSpan Timeout => TimeSpan.FromSeconds(5);

        public Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
        {
            var answer = new TaskCompletionSource<Delivery>();
            var (random, faults) = (world.Random, receiver.Faults);
            var (never, unanswered) = (random.NextDouble() < faults.LostRequest, random.NextDouble() < faults.LostReply);
            if (!never)
            {
                world.After(random.Next(1_000, 50_000), receiver._process, () =>
                {
                    receiver.Take(message.Id);
                    if (!unanswered)
                    {
                        world.After(random.Next(1_000, 50_000), process, () => answer.TrySetResult(random.Next(2) == 0 ? Delivery.Sent : Delivery.Delivered));
                    }
                });
            }

            if (never || unanswered)
            {
                receiver.Unanswered[message.Id] = receiver.Unanswered.GetValueOrDefault(message.Id) + 1;
                world.After((long)Timeout.TotalMicroseconds, process, () => answer.TrySetException(new TimeoutException("The receiver did not answer.")));
            }

            return answer.Task;
        }
    }

    private SimFaults Faults => database.IsCalm ? SimFaults.None : faults;

    private void Take(string id)
    {
        SimCheck.That(database.Outbox.ContainsKey(id), $"Message {id} came before it was decided.");
        // A sender that stood still behind its claim, while another one took the message over and it was withdrawn, cannot know.
        SimCheck.That(database.Outbox[id] is { State: not "withdrawn" } or { Reclaims: > 0 }, $"Message {id} came though it was withdrawn.");
        Taken[id] = Taken.GetValueOrDefault(id) + 1;
    }
}
