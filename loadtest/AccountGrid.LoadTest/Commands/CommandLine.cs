using System.CommandLine;
using System.Globalization;
using AccountGrid.Client;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Database;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Faults;
using AccountGrid.LoadTest.Lists;
using AccountGrid.LoadTest.Simulation;
using AccountGrid.LoadTest.Targets;
using AccountGrid.LoadTest.Years;

namespace AccountGrid.LoadTest.Commands;

/// <summary>The tester's verbs and their options.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "Loads AccountGrid with simulated meters, measures what it does, and closes the books. Starts a grid of its own unless --url names one.");
        root.Add(Run());
        root.Add(Step());
        root.Add(Compare());
        root.Add(Merge());
        root.Add(Streams());
        root.Add(Append());
        root.Add(Memory());
        root.Add(Target());
        root.Add(Year());
        root.Add(Growth());
        root.Add(Lists());
        root.Add(Faults());
        root.Add(Sabotage());
        root.Add(Takeover());
        root.Add(FailoverVerb.Create());
        root.Add(Simulate());
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(120) });
    }

    private static Command Run()
    {
        var options = new RunOptionSet();
        var run = new Command("run",
            "One run: registers meters, drives the load on its schedule (or at full speed with --speed 0), reports, and checks every balance against its own "
                + "model. Status 1 if one is wrong.");
        options.AddTo(run);
        run.SetAction((p, cancel) => GuardAsync(() => options.Read(p), o => RunCommand.RunAsync(o, cancel)));
        return run;
    }

    private static Command Step()
    {
        var options = new RunOptionSet();
        var bound = new Option<double>("--bound") { Description = "Acknowledgement p99 that must hold, ms.", DefaultValueFactory = _ => 100 };
        var from = new Option<double>("--from") { Description = "First rate, readings a second.", DefaultValueFactory = _ => 10_000 };
        var step = new Command("step",
            "Searches for the highest rate whose acknowledgement p99 stays under a bound: doubles until it does not hold, then halves the step four times. "
                + "Each rate is held for --seconds.") { bound, from };
        options.AddTo(step);
        step.SetAction((p, cancel) => GuardAsync(() => options.Read(p), o => StepCommand.RunAsync(o, p.GetValue(bound), p.GetValue(from), cancel)));
        return step;
    }

    private static Command Compare()
    {
        var meters = new Option<int>("--meters") { Description = "Meters, each with an account.", DefaultValueFactory = _ => 100_000 };
        var seconds = new Option<double>("--seconds") { Description = "Length of one turn.", DefaultValueFactory = _ => 20 };
        var turns = new Option<int>("--turns") { Description = "Turns of each target; medians are printed.", DefaultValueFactory = _ => 3 };
        var senders = new Option<int>("--senders")
        {
            Description = "Batches of 200 meters under way at once: enough that no target waits for the tester.",
            DefaultValueFactory = _ => 128
        };
        var json = new Option<string?>("--json") { Description = "File to write the result to." };
        var data = new Option<string?>("--data") { Description = "Folder of the database's files. Default: a temporary one." };
        var singleOnly = new Option<bool>("--single-only") { Description = "Leaves the backlog turns out." };
        var compare = new Command(
            "compare",
            "The same readings to four targets in turns: the grid; well-written SQL on the same PostgreSQL (flat price only, which favours it); an Orleans "
                + "grain for each meter and account that writes its state at each reading; and the same without writes.")
        {
            meters, seconds, turns, senders, json, data, singleOnly,
        };
        compare.SetAction((p, cancel) => GuardAsync(
            () => p.GetValue(meters) is < 400 or > 9_999_999
                ? throw new FormatException($"--meters: {p.GetValue(meters)} is not 400 to 9,999,999.")
                : p.GetValue(turns) < 1 || p.GetValue(seconds) <= 0
                ? throw new FormatException("--turns, --seconds: more than 0 are needed.")
                : new CompareOptions(p.GetValue(meters), p.GetValue(seconds), p.GetValue(turns), p.GetValue(json), p.GetValue(data), p.GetValue(senders),
                    !p.GetValue(singleOnly)),
            o => CompareCommand.RunAsync(o, cancel)));
        return compare;
    }

    private static Command Merge()
    {
        var files = new Argument<string[]>("FILES") { Description = "result.json of each process.", Arity = ArgumentArity.OneOrMore };
        var report = new Option<string>("--report") { Description = "Folder for the joint report.", DefaultValueFactory = _ => "load-report" };
        var merge = new Command("merge",
            "Joins the results of processes that each ran a --part of one fleet against the same --url: counts add, histograms are joined exactly, and the "
                + "time is from the first one's beginning to the last one's end.") { files, report };
        merge.SetAction(p => MergeCommand.RunAsync(p.GetValue(files)!, p.GetValue(report)!));
        return merge;
    }

    private static Command Year()
    {
        var accounts =
            new Option<int>("--accounts")
            {
                Description = "Accounts, each with a meter: residential and business, prepaid and postpaid, in two countries.",
                DefaultValueFactory = _ => 2_000
            };
        var seed = new Option<int>("--seed") { Description = "The same seed draws the same people, outages and deaths.", DefaultValueFactory = _ => 1 };
        var days = new Option<int>("--days") { Description = "Days of the year, 365 at most.", DefaultValueFactory = _ => 365 };
        var data = new Option<string?>("--data") { Description = "Folder of the database's files, kept. Default: a temporary one." };
        var history = new Option<int?>("--history") { Description = "Number of an account whose whole history is shown in the end." };
        var year = new Command(
            "year", "A year of life on a clock of its own, through the real fold, flushes, outbox and database: payments to the cent, in part and bounced, "
                + "adjustments and their corrections, debts, plans, disputes, changes to prepaid and of tariffs, meters moved and exchanged, nine markets "
                + "from UTC-10 to UTC+14 in currencies of 0, 2 and 3 digits, outages of the grid, deaths of silos, holidays, clock changes, a year's end. "
                + "Ends with 'violations: N'; status 1 if there are any. About 13 minutes for 2,000 accounts.")
        {
            accounts, seed, days, data, history,
        };
        year.SetAction((p, cancel) => GuardAsync(
            () => p.GetValue(accounts) is < 10 or > 100_000 || p.GetValue(days) is < 1 or > 365
                ? throw new FormatException("--accounts: 10 to 100,000; --days: 1 to 365.")
                : new YearOptions(p.GetValue(accounts), p.GetValue(seed), p.GetValue(days), p.GetValue(data), p.GetValue(history)),
            o => YearRun.RunAsync(o, cancel)));
        return year;
    }

    private static Command Growth()
    {
        var meters = new Option<int>("--meters") { Description = "Meters, each with an account.", DefaultValueFactory = _ => 20_000 };
        var interval = new Option<int>("--interval") { Description = "Seconds between readings of a meter; divides 900.", DefaultValueFactory = _ => 60 };
        var days = new Option<int>("--days") { Description = "Days that pass, 4 to 365.", DefaultValueFactory = _ => 8 };
        var data = new Option<string?>("--data") { Description = "Folder of the database's files, kept. Default: a temporary one." };
        var growth = new Command(
            "growth",
            "What the database grows by from day to day once days close and the log is cut behind them: the real log, fold, flushes, checks and trims on a "
                + "clock of their own. Ends with the books; status 1 if a balance is wrong. About five minutes.")
        {
            meters, interval, days, data,
        };
        growth.SetAction((p, cancel) => GuardAsync(
            () => p.GetValue(meters) is < 1 or > 1_000_000 ? throw new FormatException($"--meters: {p.GetValue(meters)} is not 1 to 1,000,000.")
                : p.GetValue(interval) is < 1 or > 900 || 900 % p.GetValue(interval) != 0
                ? throw new FormatException($"--interval: {p.GetValue(interval)} does not divide 900 seconds.")
                : p.GetValue(days) is < 4 or > 365
                ? throw new FormatException($"--days: {p.GetValue(days)} is not 4 to 365; the first day closes in the third.")
                : new GrowthOptions(p.GetValue(meters), p.GetValue(interval), p.GetValue(days), p.GetValue(data)),
            o => GrowthRun.RunAsync(o, cancel)));
        return growth;
    }

    private static Command Lists()
    {
        var accounts = new Option<int>("--accounts") { Description = "Accounts, each with a customer.", DefaultValueFactory = _ => 1_000_000 };
        var areas = new Option<int>("--areas") { Description = "Areas of collectors.", DefaultValueFactory = _ => 100 };
        var requests = new Option<int>("--requests") { Description = "Requests of each kind.", DefaultValueFactory = _ => 100 };
        var data = new Option<string?>("--data") { Description = "Folder of the database's files, kept. Default: a temporary one." };
        var lists = new Command("lists",
            "How soon lists, figures and single accounts answer over HTTP in a large grid with thirteen months of figures. Status 1 if a 95th percentile is "
                + "over 100 ms. About eight minutes.") { accounts, areas, requests, data };
        lists.SetAction((p, cancel) => GuardAsync(
            () => p.GetValue(accounts) is < 20_000 or > 9_999_999 || p.GetValue(areas) is < 10 or > 1_000 || p.GetValue(requests) < 1
                ? throw new FormatException("--accounts: 20,000 to 9,999,999; --areas: 10 to 1,000; --requests: 1 or more.")
                : new ListsOptions(p.GetValue(accounts), p.GetValue(areas), p.GetValue(requests), p.GetValue(data)),
            o => ListsCommand.RunAsync(o, cancel)));
        return lists;
    }

    private static Command Simulate()
    {
        var first =
            new Option<int>("--first") { Description = "The first seed; a failing one is had again with it and --seeds 1.", DefaultValueFactory = _ => 1 };
        var seeds = new Option<int>("--seeds") { Description = "How many.", DefaultValueFactory = _ => 1_000 };
        var until = new Option<bool>("--until-violation") { Description = "Ends with the first seed that fails, as it is." };
        var simulate = new Command(
            "simulate",
            "Partitions, both flushes, sweeps, log and clients in one thread on a clock of their own, under a scheduler that delays, loses, doubles, kills, "
                + "freezes and twins by seed, each seed with rates of its own. Judged against one fold of the whole log and against the clients' own books. "
                + "Ends with 'violations: N'; status 1 if there are any. About five thousand seeds a minute.")
        {
            first, seeds, until,
        };
        simulate.SetAction((p, cancel) => Task.FromResult(SimulateCommand.Run(p.GetValue(first), Math.Max(1, p.GetValue(seeds)), p.GetValue(until), cancel)));
        return simulate;
    }

    private static Command Takeover()
    {
        var rounds = new Option<int>("--rounds") { Description = "Kills and freezes.", DefaultValueFactory = _ => 5 };
        var takeover = new Command("takeover",
            "How long until every partition answers again through two other silos after one was killed, and after one stands still; medians. About a minute "
                + "a round.") { rounds };
        takeover.SetAction((p, cancel) => TakeoverCommand.RunAsync(Math.Max(1, p.GetValue(rounds)), cancel));
        return takeover;
    }

    private static Command Sabotage()
    {
        var layer = new Option<string?>("--layer") { Description = "simulate, domain, year or faults: only the switches that this layer must catch." };
        var sabotage = new Command("sabotage",
            "Breaks some thirty promises on purpose, one after the other: the layer that is named for each must fail. Needs the test build (-c Faults) of "
                + "this program and of the domain's tests. Ends with 'not caught: N'; status 1 if there are any. About eight minutes.") { layer };
        sabotage.SetAction((p, cancel) => SabotageCommand.RunAsync(p.GetValue(layer), cancel));
        return sabotage;
    }

    private static Command Faults()
    {
        var seed = new Option<int>("--seed") { Description = "Draws the faults and the load.", DefaultValueFactory = _ => 1 };
        var minutes = new Option<double>("--minutes") { Description = "How long; a case that has begun is ended.", DefaultValueFactory = _ => 30 };
        var cases =
            new Option<string[]>("--case")
            {
                Description = "Only this fault (NAME, or POINT+FAULT for a failpoint); may be given again. Default: all, alone and in pairs.",
                DefaultValueFactory = _ => []
            };
        var each = new Option<bool>("--each") { Description = "Every fault once, in order: the whole crash matrix and all others, about half an hour." };
        var folder = new Option<string?>("--folder") { Description = "Gets each round's logs. Default: a temporary one." };
        var before =
            new Option<string?>("--upgrade-from")
            {
                Description =
                    "The accountgrid.dll of an earlier build: silos begin with it and are replaced one after the other under load, before any other fault."
            };
        var sabotage = new Option<string?>("--sabotage") { Description = "Breaks a promise of the grid on purpose: the run must fail." };
        var faults = new Command(
            "faults",
            "Three silos and a PostgreSQL of their own, struck by faults drawn by seed, alone and in pairs, under gateways and payers that keep their own "
                + "record; each case is judged when all runs again. Needs the test build (-c Faults), and root for the small file system that is filled. "
                + "Ends with 'lost N, doubled N, wrong N'; status 1 if there are any.")
        {
            seed, minutes, cases, each, folder, sabotage, before,
        };
        faults.SetAction((p, cancel) => GuardAsync(
            () => p.GetValue(cases)!.Select(FaultCases.Find).ToList() is var _ && p.GetValue(minutes) > 0
                ? new FaultOptions(p.GetValue(seed), p.GetValue(minutes), p.GetValue(cases)!, p.GetValue(folder), p.GetValue(sabotage),
                    p.GetValue(sabotage) is not null, p.GetValue(each), p.GetValue(before))
                : throw new FormatException("--minutes: more than 0 are needed."),
            o => FaultsCommand.RunAsync(o, cancel)));
        return faults;
    }

    private static Command Streams()
    {
        var connection =
            new Option<string>("--connection")
            {
                Description = "PostgreSQL to use; its tables log_* are made there. Default: ConnectionStrings__AccountGrid.",
                DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ConnectionStrings__AccountGrid") ?? ""
            };
        var turns = new Option<int>("--turns") { Description = "Turns of each kind; medians are printed.", DefaultValueFactory = _ => 5 };
        var streams =
            new Command("streams", "Cost per event of the PostgreSQL log streams against Orleans' memory streams, in turns in one silo.") { connection, turns };
        streams.SetAction(p => StreamCost.RunAsync(p.GetValue(connection)!, p.GetValue(turns)));
        return streams;
    }

    private static Command Append()
    {
        var turns = new Option<int>("--turns") { Description = "Turns of each; medians are printed.", DefaultValueFactory = _ => 5 };
        var seconds = new Option<double>("--seconds") { Description = "Length of one turn.", DefaultValueFactory = _ => 5 };
        var append = new Command("append", "The log's append by itself against writing the same rows by binary COPY, in turns on a server of its own.") { turns,
            seconds };
        append.SetAction(p => AppendCost.RunAsync(p.GetValue(turns), p.GetValue(seconds)));
        return append;
    }

    private static Command Memory()
    {
        var meters = new Option<int>("--meters") { Description = "Meters, each with an account.", DefaultValueFactory = _ => 1_000_000 };
        var readings = new Option<int>("--readings") { Description = "Readings of each in its open day.", DefaultValueFactory = _ => 24 };
        var policy = new Option<bool>("--policy") { Description = "Each account has a customer under the pack cn-residential." };
        var rates = new Option<int>("--rate-registers") { Description = "Each meter is charged by so many rate registers, 0 to 3, and sends 1.8.0 too." };
        var export = new Option<bool>("--export") { Description = "Each meter measures export too, 2.8.0, and is under net metering." };
        var memory = new Command("memory",
            "What a silo's states and meter directory take for so many meters, measured in this process; and how fast one thread folds.") { meters, readings,
                policy, rates, export };
        memory.SetAction(p => MemoryCost.Run(p.GetValue(meters), p.GetValue(readings), p.GetValue(policy), p.GetValue(rates), p.GetValue(export)));
        return memory;
    }

    private static Command Target()
    {
        var kind = new Argument<string>("KIND") { Description = "sql, tutorial or no-writes." };
        var url = new Option<string>("--url") { Description = "Address to serve at.", Required = true };
        var target =
            new Command("target", "Serves one of compare's other targets; compare starts it itself. Its database is ConnectionStrings__Target.") { kind, url };
        target.SetAction(async p =>
        {
            var connection = Environment.GetEnvironmentVariable("ConnectionStrings__Target") ?? "";
            await (p.GetValue(kind) == "sql"
                ? SqlTarget.RunAsync(connection, p.GetValue(url)!)
                : TutorialTarget.RunAsync(connection, p.GetValue(url)!, p.GetValue(kind) == "tutorial"));
            return 0;
        });
        return target;
    }

    internal static async Task<int> GuardAsync<T>(Func<T> read, Func<T, Task<int>> run)
    {
        try
        {
            return await run(read());
        }
        catch (Exception e) when (e is FormatException or StartException or InvalidOperationException or GridException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (OperationCanceledException e)
        {
            await Console.Error.WriteLineAsync($"Broken off: {e.Message}");
            return 130;
        }
    }

    /// <summary>Options that run and step share.</summary>
    private sealed class RunOptionSet
    {
        private static readonly RunOptions Defaults = new();

        private readonly Option<int> _meters =
            new("--meters") { Description = "Meters, each with an account of its own.", DefaultValueFactory = _ => Defaults.Meters };
        private readonly Option<double> _seconds =
            new("--seconds") { Description = "Length of the measured load.", DefaultValueFactory = _ => Defaults.Seconds };
        private readonly Option<double> _warmUp =
            new("--warm-up") { Description = "Seconds of load before it that are not measured.", DefaultValueFactory = _ => Defaults.WarmUpSeconds };
        private readonly Option<int> _interval =
            new("--interval") { Description = "Seconds between readings of a meter; divides 900.", DefaultValueFactory = _ => Defaults.IntervalSeconds };
        private readonly Option<double> _speed = new("--speed")
        {
            Description = "Times real time, by the schedule (open loop); 0 is full speed (closed loop).",
            DefaultValueFactory = _ => Defaults.Speed
        };
        private readonly Option<int> _senders =
            new("--senders") { Description = "Closed loop: batches under way at once.", DefaultValueFactory = _ => Defaults.Senders };
        private readonly Option<int> _backlog =
            new("--backlog") { Description = "Closed loop: readings of each meter in a batch.", DefaultValueFactory = _ => Defaults.Backlog };
        private readonly Option<string> _tariff =
            new("--tariff") { Description = "flat, or tou: three rates by the hour, monthly tiers, tax.", DefaultValueFactory = _ => Defaults.Tariff };
        private readonly Option<string?> _shape =
            new("--shape") { Description = "Interval file (meter,interval_end_utc,kwh; gzip or not) whose hourly shape the customers take." };
        private readonly Option<int> _seed =
            new("--seed")
            {
                Description = "The same seed gives the same faults, and at the same hour of the day the same readings.",
                DefaultValueFactory = _ => Defaults.Seed
            };
        private readonly Option<string> _prefix =
            new("--prefix")
            {
                Description = "Begins every id; another one makes another fleet in the same grid, and each fleet is loaded once.",
                DefaultValueFactory = _ => Defaults.Prefix
            };
        private readonly Option<string> _part =
            new("--part") { Description = "NUMBER/OF: this process's part of the fleet; join the results with merge.", DefaultValueFactory = _ => "1/1" };
        private readonly Option<DateTimeOffset?> _startAt =
            new("--start-at")
            {
                Description =
                    "When the load begins, such as 2026-06-01T12:00:00Z, so that several processes with a --part each begin together. Default: when all is "
                        + "registered."
            };
        private readonly Option<int> _notices = new("--notice-every")
        {
            Description = "One account of so many crosses its low-balance level; 0 is none.",
            DefaultValueFactory = _ => Defaults.NoticeEvery
        };
        private readonly Option<double> _linkLoss =
            new("--link-loss")
            {
                Description = "Chance of a gateway at each round to lose its link for 2 to 10 rounds and upload the backlog. Not at full speed."
            };
        private readonly Option<double> _resend = new("--resend") { Description = "Chance that an acknowledged batch is sent again." };
        private readonly Option<double> _late =
            new("--late") { Description = "Chance that every tenth line of a batch comes with the next batch: late, out of order." };
        private readonly Option<double> _drift =
            new("--drift")
            {
                Description = "Share of gateways whose meters' clocks drift, within 60 rounds, up to two minutes ahead or half an interval behind."
            };
        private readonly Option<double> _queries = new("--queries")
        {
            Description = "Balance queries a second beside the readings; popularity is skewed.",
            DefaultValueFactory = _ => Defaults.Probes.QueriesPerSecond
        };
        private readonly Option<double> _topUps =
            new("--top-ups") { Description = "Payments a second.", DefaultValueFactory = _ => Defaults.Probes.TopUpsPerSecond };
        private readonly Option<int> _subscriptions =
            new("--subscriptions") { Description = "Accounts whose live stream is held open.", DefaultValueFactory = _ => Defaults.Probes.Subscriptions };
        private readonly Option<double> _freshness = new("--freshness")
        {
            Description = "Readings a second that are watched until the balance shows them.",
            DefaultValueFactory = _ => Defaults.Probes.FreshnessPerSecond
        };
        private readonly Option<string[]> _faults =
            new("--fault")
            {
                Description =
                    "AT:KIND[:SECONDS[:SILO]]: at a second of the run kill, stop or freeze a silo for so long, or restart the database. May be given again.",
                DefaultValueFactory = _ => []
            };
        private readonly Option<int> _silos =
            new("--silos") { Description = "Processes of the grid that is started here.", DefaultValueFactory = _ => Defaults.Silos };
        private readonly Option<string[]> _urls =
            new("--url") { Description = "Address of a grid that runs; several share the requests.", DefaultValueFactory = _ => [] };
        private readonly Option<string?> _key =
            new("--key")
            {
                Description =
                    $"Administrator's key of that grid. Others on this machine can read a command line: --key-file or {KeySource.Variable} are better."
            };
        private readonly Option<string?> _keyFile =
            new("--key-file") { Description = $"A file that holds that key. Without it and --key, the environment's {KeySource.Variable}." };
        private readonly Option<string?> _data = new("--data") { Description = "Folder of the local grid's data, kept; default a temporary one." };
        private readonly Option<string[]> _set =
            new("--set") { Description = "NAME=VALUE: a setting of the local grid, such as Grid__StatePeriodSeconds=300.", DefaultValueFactory = _ => [] };
        private readonly Option<bool> _noBooks = new("--no-books") { Description = "Leaves out the check of every balance." };
        private readonly Option<string> _report =
            new("--report") { Description = "Folder for report.md, result.json and plots.", DefaultValueFactory = _ => Defaults.Report };

        public void AddTo(Command command)
        {
            Option[] all =
            [
                _meters, _seconds, _warmUp, _interval, _speed, _senders, _backlog, _tariff, _shape, _seed, _prefix, _part, _startAt, _notices, _linkLoss,
                _resend, _late, _drift, _queries, _topUps, _subscriptions, _freshness,
                _faults, _silos, _urls, _key, _keyFile, _data, _set, _noBooks, _report,
            ];
            Array.ForEach(all, command.Add);
        }

        /// <summary>Throws <see cref="FormatException"/> with the first thing that is wrong.</summary>
        public RunOptions Read(ParseResult p)
        {
            var seed = p.GetValue(_seed);
            var options = new RunOptions
            {
                Meters = p.GetValue(_meters),
                Seconds = p.GetValue(_seconds),
                WarmUpSeconds = p.GetValue(_warmUp),
                IntervalSeconds = p.GetValue(_interval),
                Speed = p.GetValue(_speed),
                Senders = p.GetValue(_senders),
                Backlog = p.GetValue(_backlog),
                Tariff = p.GetValue(_tariff)!,
                ShapeFile = p.GetValue(_shape),
                Seed = seed,
                Prefix = p.GetValue(_prefix)!,
                Part = PartOf(p.GetValue(_part)!),
                StartAt = p.GetValue(_startAt),
                NoticeEvery = p.GetValue(_notices),
                Faults = new GatewayFaults(p.GetValue(_linkLoss), p.GetValue(_resend), p.GetValue(_late), p.GetValue(_drift), seed),
                Probes = new ProbeOptions(p.GetValue(_queries), p.GetValue(_topUps), p.GetValue(_subscriptions), p.GetValue(_freshness)),
                Schedule = [.. p.GetValue(_faults)!.Select(PlannedFault.Parse)],
                Silos = p.GetValue(_silos),
                Urls = p.GetValue(_urls)!,
                Key = KeyOf(p),
                Data = p.GetValue(_data),
                GridSettings = p.GetValue(_set)!.Select(s => s.Split('=', 2))
                    .ToDictionary(s => s[0], s => s.Length == 2 ? s[1] : throw new FormatException($"--set: '{s[0]}' is not NAME=VALUE.")),
                NoBooks = p.GetValue(_noBooks),
                Report = p.GetValue(_report)!,
            };
            return options.Check() is { } wrong ? throw new FormatException(wrong) : options;
        }

        /// <summary>A grid that is started here has its key in its folder.</summary>
        private string? KeyOf(ParseResult p)
        {
            try
            {
                return KeySource.Read(p.GetValue(_key), p.GetValue(_keyFile),
                    p.GetValue(_urls) is { Length: > 0 } ? Environment.GetEnvironmentVariable(KeySource.Variable) : null);
            }
            catch (StartException e)
            {
                throw new FormatException(e.Message, e);
            }
        }

        private static (int, int) PartOf(string text) =>
            text.Split('/') is [var a, var b] && int.TryParse(a, CultureInfo.InvariantCulture, out var number)
                && int.TryParse(b, CultureInfo.InvariantCulture, out var of)
                ? (number, of)
                : throw new FormatException($"--part: '{text}' is not NUMBER/OF.");
    }
}
