using System.Globalization;
using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Reports;

/// <summary>What a fault did to a run, from its seconds.</summary>
internal static class Recovery
{
    /// <summary>A fault is felt within so many seconds, or it is not.</summary>
    private const int FeltWithin = 30;

    /// <summary>Seconds in a row that must be as before.</summary>
    private const int Steady = 3;

    /// <summary>As before is at most twice the median before, or this, ms.</summary>
    private const double GoodMs = 100;

    /// <summary>How long nothing was acknowledged, and when acknowledgement and freshness were as before again, counted from the fault's beginning.</summary>
    public static string Of(IReadOnlyList<SecondSample> series, FaultSpan fault)
    {
        // A second in which nothing fell due and nothing came says nothing.
        var told = series.Where(s => s.Offered > 0 || s.Acknowledged > 0).ToList();
        var behind = told.Where(s => s.Second > fault.FromSecond).ToList();
        var silent = behind.TakeWhile(s => s.Second <= fault.ToSecond + FeltWithin).Count(s => s.Offered > 0 && s.Acknowledged == 0);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{silent} s without an acknowledgement; its p99 as before {Again(s => s.AckP99Ms)}, freshness {Again(s => s.FreshnessP99Ms)}");

        string Again(Func<SecondSample, double> value)
        {
            var before = series.Where(s => s.Second <= fault.FromSecond).Select(value).Where(double.IsFinite).Order().ToList();
            var good = Math.Max(GoodMs, before.Count == 0 ? 0 : 2 * before[before.Count / 2]);

            var felt = behind.FindIndex(s => !IsGood(s));
            felt = felt >= 0 && behind[felt].Second <= fault.ToSecond + FeltWithin ? felt : -1;
            if (felt < 0)
            {
                return "all the time";
            }

            for (var i = felt; i + Steady <= behind.Count; i++)
            {
                if (behind.Skip(i).Take(Steady).All(IsGood))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"after {Math.Max(0, behind[i].Second - fault.FromSecond):0} s");
                }
            }

            return "not until the end";

            // Without an acknowledgement there is no sample to watch either.
            bool IsGood(SecondSample s) => value(s) <= good || (double.IsNaN(value(s)) && s.Acknowledged > 0);
        }
    }
}
