using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace AccountGrid.LoadTest.Simulation;

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
        var dispatcher = new OutboxDispatcher(new SimOutbox(database, process), [new Way(this, world, process)], Texts, Personal, log, process.Time,
            NullLogger<OutboxDispatcher>.Instance, world.Random);
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
