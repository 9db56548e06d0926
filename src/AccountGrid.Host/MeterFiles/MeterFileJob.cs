using AccountGrid.Domain.Readings;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Takes one file: reads and plans all of it, and then sends what it comes to as any reading. Done again, after a process ended in the middle, it comes to the
/// same values.
/// </summary>
internal sealed class MeterFileJob(IGrainFactory grains, GridDirectory directory, ReadingIntake intake, MeterFileOptions options, TimeProvider time)
{
    /// <summary>Values of one file that is sent to the API: its process does other work too.</summary>
    public const int ValuesMax = 1_000_000;

    /// <summary>Largest file once it is unpacked, bytes.</summary>
    public const long UnpackedBytesMax = 512L << 20;

    /// <summary>Readings of one commit.</summary>
    private const int BatchMax = 2_000;

    private const string NotNow = "one whose readings the grid could take within 10 minutes; send the file again";

    /// <summary>What came of the file; its status is <c>done</c> or <c>refused</c>.</summary>
    public async Task<(string Status, string? Format, MeterFileResult Result)> RunAsync(ClaimedMeterFile file, CancellationToken cancel)
    {
        MeterFileContent content;
        try
        {
            var mapping = file.Mapping is { } name ? MappingOf(name) : MeterFileMapping.None;
            content = await Task.Run(() => MeterFileFormats.Read(
                new MeterFileSource(() => new MemoryStream(file.Content), UnpackedBytesMax), file.Format, mapping, ValuesMax, cancel), cancel);
        }
        catch (MeterFileException e)
        {
            return ("refused", file.Format, MeterFileResult.Failed([.. e.Errors.Select(MeterFileErrorAnswer.Of)], settled: true));
        }

        var report = new Report(content);
        if (content.IsVoid)
        {
            return ("refused", content.Format, report.Result(0, 0, 0, 0, true));
        }

        var values = new LocalMeterValues(grains, directory, file.Gateway);
        var (placed, repeated, netted) = (new List<PlacedMeter>(), 0, 0);
        foreach (var plan in MeterPlan.Each(content))
        {
            cancel.ThrowIfCancellationRequested();
            report.Add(plan.Refused);
            if (await MeterFilePatience.AgainAsync(() => MeterPlacing.PlaceAsync(plan, values), time, cancel) is { } meter)
            {
                placed.Add(meter with { Refused = new FileErrors() });
                report.Add(meter.Refused);
            }
            else
            {
                report.Add(MeterFileErrorAnswer.Of(MeterPlacing.Refused(plan, plan.Meter, NotNow)));
            }

            (repeated, netted) = (repeated + plan.Repeated, netted + plan.Netted);
        }

        var accepted = await SendAsync(placed, file.Gateway, report, cancel);
        var settled = accepted == 0 || await IsSettledAsync(placed, values, cancel);
        return ("done", content.Format,
            report.Result(placed.Count(m => m.Values.Count > 0), accepted, repeated, netted, settled));
    }

    private MeterFileMapping MappingOf(string name)
    {
        try
        {
            return options.Find(name) ?? throw new MeterFileException(new FileError(0, "mapping", name, "a mapping that is configured here"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeterFileException(new FileError(0, "mapping", name, "a mapping whose file can be read here"));
        }
    }

    private async Task<bool> IsSettledAsync(List<PlacedMeter> placed, LocalMeterValues values, CancellationToken cancel)
    {
        try
        {
            return await MeterSettling.WaitAsync(placed, values, time, cancel);
        }
        catch (Exception e) when (Problems.IsNotNow(e) && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<int> SendAsync(List<PlacedMeter> placed, int gateway, Report report, CancellationToken cancel)
    {
        var (accepted, leftOut) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var chunk in placed.SelectMany(m => m.Values.Select(v => (m.Meter, Value: v))).Where(v => !leftOut.Contains(v.Meter)).Chunk(BatchMax))
        {
            if (await MeterFilePatience.AgainAsync(() => intake.TakeAsync(BatchOf(chunk), gateway), time, cancel) is not { } result)
            {
                foreach (var (meter, value) in chunk.Where(v => leftOut.Add(v.Meter)))
                {
                    report.Add(MeterFileErrorAnswer.Of(new FileError(value.Point.Line, "meter", meter, $"{NotNow}; its readings from here on are not sent")));
                }

                continue;
            }

            accepted += result.Accepted + result.Duplicates;
            foreach (var (line, refusal) in result.Errors)
            {
                var (meter, value) = chunk[line - 1];
                report.Add(new MeterFileErrorAnswer(value.Point.Line, refusal.Code.Text, meter, refusal.Detail));
            }
        }

        return accepted;
    }

    private WireBatch BatchOf((string Meter, PlacedValue Value)[] values)
    {
        var batch = new WireBatch { Lines = values.Length };
        for (var i = 0; i < values.Length; i++)
        {
            var (meter, (register, point)) = values[i];
            if (point.TimeMs > intake.LatestMs)
            {
                batch.Errors.Add(new LineRefusal(i + 1, new Refusal(ReadingRefusals.TimeInFuture,
                    $"{Domain.Instants.ToText(point.TimeMs)} is later than the grid's clock and the allowance for drift.")));
                continue;
            }

            var quality = point.Quality & ~ReadingQuality.Valid;
            batch.Readings.Add((i + 1, new WireReading(IdHash.Of(meter), register, point.TimeMs, point.MilliWh / 1000, quality, 0)));
        }

        return batch;
    }

    private sealed class Report(MeterFileContent content)
    {
        private readonly List<MeterFileErrorAnswer> _errors = [.. content.Errors.Select(MeterFileErrorAnswer.Of)];
        private int _refused = content.Refused;

        public void Add(FileErrors errors)
        {
            foreach (var error in errors.First)
            {
                Add(MeterFileErrorAnswer.Of(error));
            }

            _refused += errors.Count - errors.First.Count;
        }

        public void Add(MeterFileErrorAnswer error)
        {
            _refused++;
            if (_errors.Count < MeterFileLimits.ErrorsMax)
            {
                _errors.Add(error);
            }
        }

        public MeterFileResult Result(int meters, int accepted, int repeated, int netted, bool settled) =>
            new(meters, content.Values, accepted, repeated, netted, _refused, [.. _errors.OrderBy(e => e.Line)], content.Passed, settled);
    }
}
