using System.CommandLine;
using AccountGrid.Client;
using AccountGrid.Host.Database;
using AccountGrid.Host.Files;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Mqtt;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Cli;

/// <summary>The program's verbs.</summary>
internal static class CommandLine
{
    /// <summary>
    /// Runs a verb. A stop writes states and ends the embedded server: that takes its time, and every verb is told of it by its token.
    /// </summary>
    public static Task<int> RunAsync(string[] args) =>
        Root().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(120) });

    /// <summary>All verbs with their options.</summary>
    internal static RootCommand Root()
    {
        var data = new Option<string?>("--data")
        {
            Description = "Data folder. Default: /var/lib/accountgrid as root, else the XDG data folder.",
            Recursive = true
        };
        var urls = new Option<string?>("--urls") { Description = $"Address of the API. Default: {GridHost.DefaultUrl}." };
        var root = new RootCommand("AccountGrid: live balances of electricity accounts, exact to the last unit. Without a verb it serves.") { data, urls };
        root.TreatUnmatchedTokensAsErrors = true;

        var serve = new Command("serve", "Starts the grid: its database (unless ConnectionStrings__AccountGrid names one), a silo and the API.") { urls };
        serve.SetAction(parsed => ServeAsync(new StartOptions(parsed.GetValue(data), parsed.GetValue(urls))));
        root.SetAction(parsed => ServeAsync(new StartOptions(parsed.GetValue(data), parsed.GetValue(urls))));
        root.Add(serve);
        root.Add(Demo(data));
        root.Add(Import(data));
        root.Add(Prices(data));
        root.Add(Replay(data));
        root.Add(Audit(data));
        root.Add(Policy(data));
        root.Add(Settlement());
        root.Add(Report(data));
        root.Add(Doctor(data));
        root.Add(Upgrade(data));
        root.Add(Mqtt());
        return root;
    }

    private static Command Demo(Option<string?> data)
    {
        var seconds = new Option<int>("--seconds") { Description = "How long the ten simulated days take.", DefaultValueFactory = _ => 75 };
        var demo = new Command("demo",
            "A fresh grid with a few hundred accounts that live ten days in about a minute: balances fall, warnings go out, top-ups restore.") { seconds };
        demo.SetAction((p, cancel) => GuardAsync(() => DemoCommand.RunAsync(p.GetValue(data), p.GetValue(seconds), cancel)));
        return demo;
    }

    private static Command Import(Option<string?> data)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "JSON with lists tariffs, accounts, meters; a CSV of one kind, told by its columns; or meter data, as for replay."
        };
        var (format, mapping) = (FileFormat(), FileMapping());
        var url = Url();
        var key = Keys();
        var encoding =
            new Option<string?>("--encoding") { Description = "The file's encoding, such as gb18030. Default: UTF-8, or what a byte order mark says." };
        var import = new Command("import",
            "Registers accounts, meters and tariffs from a file, or sends its meter data; importing the same file again has no effect. Status 1 if a row is "
                + $"refused, 2 if nothing could be read.\n{ImportColumns.Help()}") { file, encoding, format, mapping, url };
        key.AddTo(import);
        import.SetAction(
            (p, cancel) =>
                GuardAsync(() => ImportCommand.RunAsync(p.GetValue(file)!, p.GetValue(encoding), p.GetValue(format), p.GetValue(mapping), p.GetValue(data),
                    p.GetValue(url), key.Of(p), cancel)));
        return import;
    }

    private static Command Prices(Option<string?> data)
    {
        var file = new Argument<string>("FILE") { Description = $"{PriceFile.Form}." };
        var series = new Option<string>("--series") { Description = "Id of the price series.", Required = true };
        var reason = new Option<string?>("--reason") { Description = "Why prices that are known change, where the file changes some." };
        var (url, key) = (Url(), Keys());
        var prices = new Command("prices",
            "Publishes prices of intervals of a series; the same file again has no effect. Status 1 if anything is refused or waits for a second person, 2 if "
                + "nothing could be read.") { file, series, reason, url };
        key.AddTo(prices);
        prices.SetAction((p, cancel) => GuardAsync(() => PricesCommand.RunAsync(
            p.GetValue(file)!, p.GetValue(series)!, p.GetValue(reason), p.GetValue(data), p.GetValue(url), key.Of(p), cancel)));
        return prices;
    }

    private static Command Replay(Option<string?> data)
    {
        var file = new Argument<string>("FILE") { Description = $"Meter data, gzip or not: {string.Join(", ", MeterFileFormats.Names)}." };
        var (format, mapping) = (FileFormat(), FileMapping());
        var speed = new Option<double>("--speed") { Description = "Times real time; 0 (default) is as fast as the grid takes it." };
        var gateway =
            new Option<string?>("--gateway") { Description = $"Address of the grid. Default: the one at {GridHost.DefaultUrl}, or one started for this." };
        var provision = new Option<bool>("--provision") { Description = "First register an account and a meter for each meter id of the file." };
        var tariff =
            new Option<string>("--tariff")
            {
                Description = "Tariff of provisioned accounts: demo-flat, demo-tiered, demo-tou, demo-tou-tiered, demo-seasonal, or a registered one.",
                DefaultValueFactory = _ => "demo-flat"
            };
        var capacity =
            new Option<long>("--capacity-w") { Description = "Capacity of provisioned meters, W; larger draws are held.", DefaultValueFactory = _ => 100_000 };
        var shuffle = new Option<int?>("--shuffle") { Description = "Seed: shuffle the gateways' order and each meter's values within a day." };
        var resend = new Option<int>("--resend-every") { Description = "Send about one batch in so many twice; 0 is never." };
        var key = Keys();
        var replay = new Command("replay", "Pushes meter data through the HTTP API as cumulative registers.") { file, format, mapping, speed, gateway,
            provision, tariff, capacity, shuffle, resend };
        key.AddTo(replay);
        replay.SetAction((p, cancel) => GuardAsync(() => ReplayCommand.RunAsync(
            p.GetValue(file)!, p.GetValue(format), p.GetValue(mapping), p.GetValue(data), p.GetValue(gateway), key.Of(p),
            new ReplayOptions(p.GetValue(speed), p.GetValue(provision), p.GetValue(tariff)!, p.GetValue(capacity), p.GetValue(shuffle), p.GetValue(resend)),
            cancel)));
        return replay;
    }

    private static Option<string?> FileFormat() => new("--format")
    {
        Description = $"{string.Join(", ", MeterFileFormats.Names)}. Default: that of the mapping, or what the content says."
    };

    private static Option<string?> FileMapping() => new("--mapping") { Description = "How meter data is read, as JSON: docs/meter-files.md. A CSV needs one." };

    private static Command Audit(Option<string?> data)
    {
        var url = Url();
        var key = Keys();
        var heads =
            new Option<string[]>("--heads")
            {
                Description = $"Further files of the audit trail's heads, such as other machines' {TrailHeadsFile.Name}. The data folder's own is always read.",
                DefaultValueFactory = _ => [],
                AllowMultipleArgumentsPerToken = true
            };
        var stored = new Option<bool>("--stored")
        {
            Description = "Audits the database as it is and starts no grid, which would send what waits in it: for a restored backup. Records that no state "
                + "includes yet are counted only.",
        };
        var audit = new Command("audit",
            "Recomputes every balance from the log, day rows and entries, and compares; finds what was changed or is missing. Status 1 on any difference.")
        {
            url,
            heads,
            stored
        };
        key.AddTo(audit);
        audit.SetAction((p, cancel) => GuardAsync(() => p.GetValue(stored)
            ? AuditCommand.RunStoredAsync(p.GetValue(data), p.GetValue(heads)!, cancel)
            : AuditCommand.RunAsync(p.GetValue(data), p.GetValue(url), key.Of(p), p.GetValue(heads)!, cancel)));
        return audit;
    }

    private static Command Doctor(Option<string?> data)
    {
        var doctor = new Command("doctor",
            $"Says what will fail before long: holiday calendars that end within {DoctorChecks.WarnDays} days, tariffs' holidays, prices of series "
                + "that are missing, disk space, connections. Status 1 if anything does.");
        doctor.SetAction((p, cancel) => GuardAsync(() => DoctorCommand.RunAsync(p.GetValue(data), cancel)));
        return doctor;
    }

    private static Command Upgrade(Option<string?> data)
    {
        var status = new Command("status",
            "Says which format version is in force, and what each process reads. Status 1 if the upgrade cannot be finished yet.");
        var gone = new Option<string[]>("--gone")
        {
            Description = "A silo that does not run any more, though no other saw it end: as the refusal names it. May be given again.",
            DefaultValueFactory = _ => [],
        };
        status.SetAction((p, cancel) => GuardAsync(() => UpgradeCommand.StatusAsync(p.GetValue(data), Console.Out, cancel)));
        var finish = new Command("finish",
            "Brings the newest format version of this build into force, after which nobody can go back to an older one. Status 1, and no change, while a "
                + "process of an older build is alive.") { gone };
        finish.SetAction((p, cancel) => GuardAsync(() => UpgradeCommand.FinishAsync(p.GetValue(data), p.GetValue(gone)!, Console.Out, cancel)));
        return new Command("upgrade", "Upgrades from release to release.") { status, finish };
    }

    private static Command Policy(Option<string?> data)
    {
        var file = new Argument<string>("FILE") { Description = "A policy pack as JSON." };
        var check = new Command("check", "Checks a pack and says all that is wrong with it, by field and value. Status 1 if anything is.") { file };
        check.SetAction((p, _) => GuardAsync(() => PolicyCommand.CheckAsync(p.GetValue(file)!)));
        var from = new Option<string>("--from") { Description = "First local day, yyyy-MM-dd.", Required = true };
        var to = new Option<string>("--to") { Description = "Last local day, yyyy-MM-dd.", Required = true };
        var (url, key) = (Url(), Keys());
        var replay = new Command("replay",
            "Runs the grid's history under another version of a pack and says who would have been warned, charged or cut differently. Needs the log from its "
                + "beginning.") { file, from, to, url };
        key.AddTo(replay);
        replay.SetAction(
            (p, _) => GuardAsync(
                () => PolicyCommand.ReplayAsync(p.GetValue(file)!, p.GetValue(from)!, p.GetValue(to)!, p.GetValue(data), p.GetValue(url), key.Of(p))));
        return new Command("policy", "Policy packs: the rules of notices, arrears and cuts as data.") { check, replay };
    }

    private static Command Settlement()
    {
        var file = new Argument<string>("FILE") { Description = "A settlement file, plain or gzip." };
        var format =
            new Option<string?>("--format") { Description = "csv, wechat, alipay, mpesa or camt. Default: that of the mapping, or what the content says." };
        var mapping = new Option<string?>("--mapping") { Description = "A mapping document as JSON, as a channel's configuration has it. A CSV needs one." };
        var currency = new Option<string?>("--currency") { Description = "The channel's currency. Default: CNY of WeChat and Alipay, KES of M-Pesa." };
        var zone = new Option<string?>("--zone") { Description = "The channel's time zone. Default: the mapping's, or that of the format's home." };
        var cutOff =
            new Option<string>("--cut-off") { Description = "Local time at which the channel's business day ends.", DefaultValueFactory = _ => "24:00" };
        var lines = new Option<bool>("--lines") { Description = "Also say each line." };
        var check = new Command("check",
            "Says what an import of a settlement file would take: counts and sums by day, what is passed over, and the totals that the file declares. Status 1 "
                + "and all errors by line if anything is wrong; an import then takes nothing.") { file, format, mapping, currency, zone, cutOff, lines };
        check.SetAction((p, _) => GuardAsync(() => SettlementCommand.CheckAsync(
            p.GetValue(file)!, p.GetValue(format), p.GetValue(mapping), p.GetValue(currency), p.GetValue(zone), p.GetValue(cutOff)!, p.GetValue(lines),
            Console.Out, Console.Error)));
        return new Command("settlement", "Settlement files of payment channels.") { check };
    }

    private static Command Report(Option<string?> data)
    {
        var month = new Option<string>("--month") { Description = "The month, such as 2026-10.", Required = true };
        var folder = new Option<string?>("--out") { Description = "Folder of the two files. Default: the current one." };
        var (url, key) = (Url(), Keys());
        var report = new Command("report", "Writes a month's figures as report-MONTH.html with charts, and as report-MONTH.md.") { month, folder, url };
        key.AddTo(report);
        report.SetAction((p, _) => GuardAsync(
            () => ReportCommand.RunAsync(p.GetValue(month)!, p.GetValue(folder), p.GetValue(data), p.GetValue(url), key.Of(p))));
        return report;
    }

    private static Command Mqtt()
    {
        var profile = new Argument<string>("PROFILE") { Description = $"A shipped profile ({string.Join(", ", ShippedProfiles.Names)}) or a JSON file." };
        var sample = new Argument<string?>("SAMPLE")
        {
            Description = "A file with one message as it is published. Without it only the profile is checked.",
            Arity = ArgumentArity.ZeroOrOne
        };
        var topic = new Option<string?>("--topic") { Description = "The message's topic. Default: the profile's topic of readings, if it has one." };
        var zone = new Option<string?>("--zone") { Description = "Zone of local times, as Mqtt__Zone." };
        var birth = new Option<string[]>("--birth") { Description = "A file with the Sparkplug birth of the device; may be given again." };
        var check = new Command("check",
            "Says which readings a message would become, and what of it would be refused, by field and value. Status 1 if anything is refused, or nothing is a "
                + "reading.") { profile, sample, topic, zone, birth };
        check.SetAction((p, _) => GuardAsync(() => MqttCommand.CheckAsync(p.GetValue(profile)!, p.GetValue(sample), p.GetValue(topic), p.GetValue(zone),
            p.GetValue(birth) ?? [], TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + new GridOptions().ClockDriftMs, Console.Out, Console.Error)));
        return new Command("mqtt", "Readings by MQTT.") { check };
    }

    private static Option<string?> Url() =>
        new("--url") { Description = $"Address of the grid. Default: the one at {GridHost.DefaultUrl}, or one started for this." };

    private static KeyOptions Keys() => new();

    /// <summary>Where a verb has its key from: its value, a file, the environment, or the data folder.</summary>
    private sealed class KeyOptions
    {
        private readonly Option<string?> _key =
            new("--key")
            {
                Description =
                    $"API key. Others on this machine can read a command line: --key-file or {KeySource.Variable} are better. Default: the administrator's "
                        + "key in the data folder."
            };

        private readonly Option<string?> _file =
            new("--key-file") { Description = $"A file that holds the API key. Without it and --key, the environment's {KeySource.Variable}." };

        public void AddTo(Command command)
        {
            command.Options.Add(_key);
            command.Options.Add(_file);
        }

        /// <summary>The key that is given; null is the data folder's. Throws <see cref="StartException"/> where two are given, or a file holds none.</summary>
        public string? Of(ParseResult parsed) =>
            KeySource.Read(parsed.GetValue(_key), parsed.GetValue(_file), Environment.GetEnvironmentVariable(KeySource.Variable));
    }

    private static async Task<int> GuardAsync(Func<Task<int>> verb)
    {
        try
        {
            return await verb();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return 130;
        }
        catch (Exception e) when (e is StartException or GridException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    private static async Task<int> ServeAsync(StartOptions start)
    {
        try
        {
            await using var host = await GridHost.StartAsync(start, Console.WriteLine);
            Console.WriteLine($"AccountGrid serves at   {host.Url}   (API described at {host.Url}/docs)");
            Console.WriteLine($"Data folder             {host.Data.Root}");
            Console.WriteLine($"Administrator's key in  {host.Data.AdministratorKey}");
            Console.WriteLine("Stop with Ctrl-C.");
            await host.WaitForShutdownAsync();
            return 0;
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
