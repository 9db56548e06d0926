using AccountGrid.Contracts;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Partitions;

/// <summary>How every command goes: appended once under its key, then answered with what the fold made of it.</summary>
internal static class Commands
{
    /// <summary>A partition that is just moving is asked again this often, a second apart at most.</summary>
    private const int Tries = 8;

    /// <summary>Throws what the log throws if nothing is known to be appended.</summary>
    /// <param name="mayTryAgain">A refusal under the same key is not the last word.</param>
    public static async Task<OutcomeView> AppendAndWait(IGrainFactory grains, PostgresLog log, LogAppend append, bool mayTryAgain = false)
    {
        var result = await log.AppendAsync(append);
        if (result.Outcome == AppendOutcome.KeyConflict)
        {
            return KeyReused(result);
        }

        var outcome = await OutcomeAsync(grains, append.Partition, result.FirstPosition);
        if (mayTryAgain && result.Outcome == AppendOutcome.Existed && !outcome.Accepted && append.Key is { } key)
        {
            // The key is only the request's content: what stood against it then may be gone now.
            var again = append with { Key = key with { Key = $"{key.Key}:{Guid.CreateVersion7():N}" } };
            return await AppendAndWait(grains, log, again);
        }

        return outcome with { Replayed = result.Outcome == AppendOutcome.Existed };
    }

    public static OutcomeView KeyReused(AppendResult result) =>
        new(result.Partition, result.FirstPosition, RequestRefusals.IdempotencyKeyReused, "Idempotency-Key: it was used before with another body.", 0,
            Replayed: false);

    public static async Task<OutcomeView> OutcomeAsync(IGrainFactory grains, int partition, long position) =>
        (await OutcomesAsync(grains, partition, [position]))[0];

    /// <summary>What the fold made of several records of one partition, in their order.</summary>
    public static async Task<OutcomeView[]> OutcomesAsync(IGrainFactory grains, int partition, long[] positions)
    {
        for (var i = 1; positions.Length > 0; i++)
        {
            try
            {
                var outcomes = await grains.Partition(partition).OutcomesOf(positions);
                var missing = Array.IndexOf(outcomes, null);
                return missing < 0
                    ? outcomes.Select(o => o!).ToArray()
                    : throw new OrleansException($"Record {positions[missing]} of partition {partition} has no outcome: it was quarantined.");
            }
            catch (Exception e) when (i < Tries
                && e is OrleansException or TimeoutException or OperationCanceledException or NpgsqlException
                    or Orleans.Serialization.UnavailableExceptionFallbackException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(1000, 20 << i)), TimeProvider.System);
            }
        }

        return [];
    }
}
