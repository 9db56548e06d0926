namespace AccountGrid.Streams.Postgres;

/// <summary>
/// Who pulls which partition: the silo with the highest score for it. Every silo works it out alone from the membership, a silo that
/// leaves gives up only its own partitions, one that joins takes an even share, and a placement director can ask the same question.
/// </summary>
public static class Rendezvous
{
    /// <summary>The owner of a partition among silos; null if there are none.</summary>
    public static SiloAddress? OwnerOf(int partition, IEnumerable<SiloAddress> silos)
    {
        SiloAddress? best = null;
        ulong bestScore = 0;
        foreach (var silo in silos)
        {
            var score = Mix(unchecked((ulong)(uint)silo.GetConsistentHashCode() ^ ((ulong)(uint)partition << 32)));
            if (best is null || score > bestScore || (score == bestScore && silo.CompareTo(best) > 0))
            {
                (best, bestScore) = (silo, score);
            }
        }

        return best;
    }

    // The finalizer of SplitMix64: every input bit moves half of the output bits.
    private static ulong Mix(ulong x)
    {
        x = unchecked((x ^ (x >> 30)) * 0xbf58476d1ce4e5b9);
        x = unchecked((x ^ (x >> 27)) * 0x94d049bb133111eb);
        return x ^ (x >> 31);
    }
}
