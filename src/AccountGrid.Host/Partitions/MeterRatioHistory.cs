using AccountGrid.Domain.Events;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Partitions;

/// <summary>The transformers' ratios of an account's meters at every time, from its events.</summary>
internal sealed class MeterRatioHistory
{
    private readonly Dictionary<int, MeterRating> _ratios = [];

    /// <param name="events">Of the account, in their order.</param>
    public MeterRatioHistory(IEnumerable<AccountEvent> events)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case MeterInstalled e:
                    Begin(e.Meter, e.FromMs, e.Facts);
                    break;
                case MeterExchanged e:
                    Begin(e.NewMeter, e.AtMs, e.Facts);
                    break;
                case MeterFactsSet { RatioPpm: { } ratio } e:
                    Set(e.Meter, e.FromMs, ratio);
                    break;
            }
        }
    }

    /// <summary>Ratios of a meter as a rating; one where none was set.</summary>
    /// <param name="meter">Its number.</param>
    public MeterRating Of(int meter) => _ratios.GetValueOrDefault(meter);

    private void Begin(int meter, long fromMs, IReadOnlyList<MeterFact>? facts)
    {
        Set(meter, fromMs, MeterRating.One);
        foreach (var fact in facts ?? [])
        {
            if (fact.RatioMicro is { } ratio)
            {
                Set(meter, fact.FromMs, ratio);
            }
        }
    }

    private void Set(int meter, long fromMs, long ratio)
    {
        var known = _ratios.GetValueOrDefault(meter);
        if (known != default || ratio != MeterRating.One)
        {
            _ratios[meter] = known.With(new MeterFact(fromMs, RatioMicro: ratio));
        }
    }
}
