using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Readings;

/// <summary>
/// What a meter can measure: as it was installed, and what has been another since. Capacity, width and interval judge a difference by its end. The ratio of
/// the current and voltage transformers makes energy of the supply out of what a register counts.
/// </summary>
/// <param name="CapacityW">Capacity of the service, W; 0 is not known: then only <see cref="Limits.DifferenceMaxWh"/> bounds a difference.</param>
/// <param name="RegisterWidthWh">Value at which the register starts again from zero, Wh as it shows them; 0 is never.</param>
/// <param name="IntervalMs">Usual time between readings, ms; 0 is not known and switches gap reports off.</param>
/// <param name="RatioMicro">Energy of the supply by what the register counts, in millionths; 0 is one: no transformers.</param>
/// <param name="Changes">In the order of their instants, one for each; null is none.</param>
public readonly record struct MeterRating(long CapacityW, long RegisterWidthWh, int IntervalMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long RatioMicro = 0, IReadOnlyList<MeterFact>? Changes = null)
{
    /// <summary>A ratio of one, in millionths.</summary>
    public const long One = 1_000_000;

    /// <summary>Largest difference that is told, Wh: what lies beyond is more than any service carries, and sums stay in range.</summary>
    private const long DifferenceMaxWh = 1_000 * Limits.RegisterMaxWh;

    /// <summary>Whether it is that of most meters: nothing has changed, and there are no transformers.</summary>
    [JsonIgnore]
    public bool IsPlain => Changes is null && RatioMicro == 0;

    /// <summary>The ratio of before any change, in millionths.</summary>
    [JsonIgnore]
    public long Ratio => RatioMicro == 0 ? One : RatioMicro;

    /// <summary>What holds for a difference that ends at an instant: all that changed before it.</summary>
    /// <param name="ms">UTC ms; <see cref="long.MaxValue"/> is what holds now.</param>
    public MeterRating At(long ms)
    {
        if (Changes is null)
        {
            return this;
        }

        var rating = this with { Changes = null };
        foreach (var c in Changes.TakeWhile(c => c.FromMs < ms))
        {
            rating = new(c.CapacityW ?? rating.CapacityW, c.RegisterWidthWh ?? rating.RegisterWidthWh, c.IntervalMs ?? rating.IntervalMs,
                c.RatioMicro ?? rating.RatioMicro);
        }

        return rating;
    }

    /// <summary>What a meter takes with it at an instant: what holds then, and what changes later.</summary>
    public MeterRating From(long ms)
    {
        if (Changes is null)
        {
            return this;
        }

        List<MeterFact> later = [.. Changes.Where(c => c.FromMs > ms)];
        return At(ms + 1) with { Changes = later.Count == 0 ? null : later };
    }

    /// <summary>All of it as facts: what holds from an instant on, then what changes later; null where nothing is known and there are none.</summary>
    public IReadOnlyList<MeterFact>? FactsFrom(long fromMs) => this == default ? null
        : [new(fromMs, CapacityW, RegisterWidthWh, IntervalMs, Ratio), .. Changes ?? []];

    /// <summary>The rating with other facts from an instant on. What stood there of the same facts is replaced.</summary>
    public MeterRating With(MeterFact fact)
    {
        var known = Changes?.FirstOrDefault(c => c.FromMs == fact.FromMs);
        var merged = known is null
            ? fact
            : new(fact.FromMs, fact.CapacityW ?? known.CapacityW, fact.RegisterWidthWh ?? known.RegisterWidthWh, fact.IntervalMs ?? known.IntervalMs,
                fact.RatioMicro ?? known.RatioMicro);
        return this with { Changes = [.. (Changes ?? []).Where(c => c.FromMs != fact.FromMs).Append(merged).OrderBy(c => c.FromMs)] };
    }

    /// <summary>
    /// Energy between two values of a register, Wh; negative where it fell. Energies of neighbouring differences sum to that of the whole. A reading stands
    /// where the ratio changes; where it does not count, the register is taken as rising evenly between its neighbours.
    /// </summary>
    /// <param name="toWh">The later value; beyond the register's width where it passed that.</param>
    public long EnergyWh(in Point from, in Point to, long toWh)
    {
        if (IsPlain)
        {
            return toWh - from.ValueWh;
        }

        var (sum, wh, ratio) = ((Int128)0, from.ValueWh, At(from.TimeMs + 1).Ratio);
        foreach (var c in Changes ?? [])
        {
            if (c.RatioMicro is { } next && c.FromMs > from.TimeMs && c.FromMs < to.TimeMs)
            {
                var then = from.ValueWh + (long)((Int128)(toWh - from.ValueWh) * (c.FromMs - from.TimeMs) / (to.TimeMs - from.TimeMs));
                sum += ((Int128)then * ratio / One) - ((Int128)wh * ratio / One);
                (wh, ratio) = (then, next);
            }
        }

        sum += ((Int128)toWh * ratio / One) - ((Int128)wh * ratio / One);
        return (long)Int128.Clamp(sum, -DifferenceMaxWh, DifferenceMaxWh);
    }

    /// <summary>Energy for which a step of a register stands, Wh, rounded up; by the larger ratio where it changes meanwhile.</summary>
    public long StepWh(in Point from, in Point to, long stepWh)
    {
        if (IsPlain)
        {
            return stepWh;
        }

        var ratio = Math.Max(At(from.TimeMs + 1).Ratio, At(to.TimeMs).Ratio);
        return (long)((((Int128)stepWh * ratio) + One - 1) / One);
    }
}
