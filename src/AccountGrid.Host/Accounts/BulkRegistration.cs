using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Formats;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Accounts;

/// <summary>
/// Registers thousands of accounts and meters at once, each judged alone and by the same rules as one by one: numbers in one statement, commands in
/// one append, outcomes in one call for each partition.
/// </summary>
internal sealed class BulkRegistration(
    GridDirectory directory, AccountOpening opening, MeterRegistration meters, AccountPartitions partitions, MeterDirectory routes, PostgresLog log,
    IGrainFactory grains, GridOptions options, TimeProvider time)
{
    /// <summary>Reads NDJSON. A line that is none becomes an error of its own.</summary>
    public static List<(int Line, RegistrationLine Item)> Read(ReadOnlySpan<byte> body, List<LineError> errors)
    {
        var items = new List<(int, RegistrationLine)>();
        body = BatchReader.WithoutMark(body);
        for (var number = 1; body.Length > 0; number++)
        {
            var end = body.IndexOf((byte)'\n');
            var line = (end < 0 ? body : body[..end]).Trim(" \t\r"u8);
            body = end < 0 ? default : body[(end + 1)..];
            if (line.Length == 0)
            {
                continue;
            }

            if (JsonInput.Check(line.ToArray(), typeof(RegistrationLine), ApiJson.Options) is { } wrong)
            {
                errors.Add(new LineError(number, wrong.Code, wrong.Detail));
                continue;
            }

            try
            {
                if (JsonSerializer.Deserialize<RegistrationLine>(line, ApiJson.Options) is { } item && (item.Account ?? (object?)item.Meter) is not null)
                {
                    items.Add((number, item));
                    continue;
                }

                errors.Add(new LineError(number, RequestRefusals.RegistrationEmpty, "The line has neither 'account' nor 'meter'."));
            }
            catch (JsonException e)
            {
                errors.Add(new LineError(number, RequestRefusals.JsonInvalid, $"{Problems.MemberOf(e)}: the line is not a valid registration at this member."));
            }
        }

        return items;
    }

    /// <summary>
    /// Throws <see cref="LogBackpressureException"/>, with nothing registered, while the effects of what was registered before are too far from being written.
    /// </summary>
    public async Task<RegistrationAnswer> RegisterAsync(List<(int Line, RegistrationLine Item)> items, List<LineError> errors)
    {
        if (log.LargestLag is var lag && lag > options.RegistrationLagMax)
        {
            throw new LogBackpressureException(
                $"The effects of {lag} records of a partition are not written yet; bulk registrations wait from {options.RegistrationLagMax} on "
                    + "(Grid__RegistrationLagMax).", TimeSpan.FromSeconds(1));
        }

        var run = new Run(errors);
        await OpenAsync([.. items.Where(i => i.Item.Account is not null).Select(i => (i.Line, i.Item.Account!))], run);
        await InstallAsync([.. items.Where(i => i.Item.Meter is not null).Select(i => (i.Line, i.Item.Meter!))], run);
        errors.Sort((a, b) => a.Line.CompareTo(b.Line));
        return new RegistrationAnswer(run.Created, run.Unchanged, errors.Count,
            errors.Count > IngestLimits.ErrorsMax ? errors.GetRange(0, IngestLimits.ErrorsMax) : errors, run.Warnings);
    }

    private async Task OpenAsync(List<(int Line, OpenAccountRequest Request)> requests, Run run)
    {
        var good = new List<(int Line, OpenAccountRequest Request, Opening Opening)>();
        var tariffs = new Dictionary<(string, int?, DateOnly?), (Domain.Rating.Tariff?, Refusal?)>();
        foreach (var (line, request) in requests)
        {
            var (checkedOpening, refusal) = await opening.CheckAsync(request, tariffs);
            if (checkedOpening is not null)
            {
                good.Add((line, request, checkedOpening));
            }
            else
            {
                run.Refuse(line, refusal!);
            }
        }

        var addresses = await directory.AllotAccountsAsync([.. good.Select(g => g.Request.Id).Distinct()]);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var appends = good.ConvertAll(g =>
        {
            var address = addresses[g.Request.Id];
            return new LogAppend(address.Partition, 1, LogRecords.Encode(now, g.Opening.CommandFor(address)),
                new LogKey($"open:{address.Number}", g.Opening.Meaning));
        });
        var outcomes = await AppendAsync(appends);
        for (var i = 0; i < good.Count; i++)
        {
            run.Count(good[i].Line, outcomes[i], AccountOpening.RefusalOf(outcomes[i], good[i].Request.Id));
        }
    }

    private async Task InstallAsync(List<(int Line, InstallMeterRequest Request)> requests, Run run)
    {
        var accounts = await directory.FindAccountsAsync([.. requests.Select(r => r.Request.Account).OfType<string>().Distinct()]);
        var gateways =
            await directory.FindGatewaysAsync([.. requests.Select(r => r.Request.Gateway).Where(g => Requests.CheckId("gateway", g) is null).Distinct()]);
        var good = new List<(int Line, InstallMeterRequest Request, AccountAddress? Account, int Gateway, int Partition)>();
        foreach (var (line, request) in requests)
        {
            var account = request.Account is null ? null : accounts.GetValueOrDefault(request.Account);
            if ((meters.Check(request) ?? MeterRegistration.CheckReferences(request, account, gateways.ContainsKey(request.Gateway))) is { } wrong)
            {
                run.Refuse(line, wrong);
            }
            else
            {
                good.Add((line, request, account, gateways[request.Gateway], account?.Partition ?? partitions.OfKey(request.Id)));
            }
        }

        var numbers = await directory.AllotMetersAsync(good.DistinctBy(g => g.Request.Id).Select(g => (g.Request.Id, g.Gateway, g.Partition)).ToList());

        // What was allotted elsewhere before, or cannot be told apart from another, goes the way of a single one, which knows what to do.
        var plain = good.FindAll(g => numbers.TryGetValue(g.Request.Id, out var m) && m.Partition == g.Partition);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var outcomes = await AppendAsync(plain.ConvertAll(g => meters.AppendOf(g.Request, numbers[g.Request.Id].Number, g.Account, g.Partition, now)));
        for (var i = 0; i < plain.Count; i++)
        {
            var (line, request, _, gateway, partition) = plain[i];
            if (outcomes[i] is { Accepted: true, Replayed: false })
            {
                routes.Put(request.Id, new MeterRoute(numbers[request.Id].Number, (short)partition, gateway, (byte)(request.RateRegistersWh?.Count ?? 0)));
            }

            if (outcomes[i] is { Accepted: false, Replayed: true })
            {
                await InstallAloneAsync(line, request, run);
            }
            else
            {
                run.Count(line, outcomes[i], MeterRegistration.RefusalOf(outcomes[i], request), request);
            }
        }

        foreach (var (line, request, _, _, _) in good.Except(plain))
        {
            await InstallAloneAsync(line, request, run);
        }
    }

    private async Task InstallAloneAsync(int line, InstallMeterRequest request, Run run)
    {
        var (outcome, refusal) = await meters.InstallAsync(request);
        run.Count(line, outcome, refusal, request);
    }

    private async Task<OutcomeView[]> AppendAsync(List<LogAppend> appends)
    {
        var results = await log.AppendAsync(appends);
        var outcomes = new OutcomeView[results.Length];
        await Task.WhenAll(results.Select((r, i) => (r, i)).GroupBy(x => x.r.Partition).Select(async group =>
        {
            var wanted = group.Where(x => x.r.Outcome != AppendOutcome.KeyConflict).ToList();
            var found = await Commands.OutcomesAsync(grains, group.Key, [.. wanted.Select(x => x.r.FirstPosition)]);
            foreach (var (x, outcome) in wanted.Zip(found))
            {
                outcomes[x.i] = outcome with { Replayed = x.r.Outcome == AppendOutcome.Existed };
            }

            foreach (var x in group.Where(x => x.r.Outcome == AppendOutcome.KeyConflict))
            {
                outcomes[x.i] = Commands.KeyReused(x.r);
            }
        }));
        return outcomes;
    }

    private sealed class Run(List<LineError> errors)
    {
        public int Created { get; private set; }

        public int Unchanged { get; private set; }

        public List<LineWarning> Warnings { get; } = [];

        public void Refuse(int line, Refusal refusal) => errors.Add(new LineError(line, refusal.Code, refusal.Detail));

        public void Count(int line, OutcomeView? outcome, Refusal? refusal, InstallMeterRequest? meter = null)
        {
            if (refusal is not null)
            {
                Refuse(line, refusal);
            }
            else if (outcome!.Replayed)
            {
                Unchanged++;
            }
            else
            {
                Created++;
            }

            foreach (var warning in refusal is null && meter is not null ? MeterRegistration.WarningsOf(meter) : [])
            {
                Warn(line, warning);
            }
        }

        private void Warn(int line, Warning warning)
        {
            var index = Warnings.FindIndex(w => w.Code == warning.Code);
            if (index < 0)
            {
                Warnings.Add(new LineWarning(warning.Code, 1, line, warning.Detail));
                return;
            }

            var known = Warnings[index];
            Warnings[index] = known with { Lines = known.Lines + 1, FirstLine = Math.Min(known.FirstLine, line) };
        }
    }
}
