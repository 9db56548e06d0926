namespace AccountGrid.LoadTest.Measures;

/// <summary>One look at a run, once a second: what is counted is a second's worth, also where a look came late.</summary>
/// <param name="Second">Since the beginning, by the clock.</param>
/// <param name="Offered">Readings that fell due.</param>
/// <param name="Acknowledged">Readings whose acknowledgement came.</param>
public sealed record SecondSample(int Second, long Offered, long Acknowledged, double AckP99Ms, double FreshnessP99Ms, double QueryP99Ms, double SiloCpu,
    double DatabaseCpu, double TesterCpu, double SiloMb);
