namespace AccountGrid.Host.MeterFiles;

/// <summary>Waits until the grid shows what was sent, so that a file that follows goes on from there.</summary>
public static class MeterSettling
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>False if the last sent instant of a meter was not seen in time: its account may have fallen behind, or not take the value.</summary>
    public static async Task<bool> WaitAsync(IEnumerable<PlacedMeter> placed, IMeterValues values, TimeProvider time, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        foreach (var meter in placed.Where(m => m.Values.Count > 0))
        {
            var (register, point) = meter.Values.MaxBy(v => v.Point.TimeMs);
            while (await values.LastAsync(meter.Meter) is { } last && last.TryGetValue(register, out var known) && known.Ms < point.TimeMs)
            {
                if (time.GetElapsedTime(started) > Patience)
                {
                    return false;
                }

                await Task.Delay(Pause, time, cancel);
            }
        }

        return true;
    }
}
