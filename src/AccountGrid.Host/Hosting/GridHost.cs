using System.Net;
using AccountGrid.Contracts;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Complaints;
using AccountGrid.Host.CustomerPages;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Database;
using AccountGrid.Host.DirectDebit;
using AccountGrid.Host.Events;
using AccountGrid.Host.Exports;
using AccountGrid.Host.Figures;
using AccountGrid.Host.Grades;
using AccountGrid.Host.Grpc;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Lists;
using AccountGrid.Host.Measures;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Mqtt;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Operations;
using AccountGrid.Host.OperatorConsole;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Prepayment;
using AccountGrid.Host.Prices;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Reconciliation;
using AccountGrid.Host.Scorecard;
using AccountGrid.Host.Security;
using AccountGrid.Host.Supply;
using AccountGrid.Host.Surveys;
using AccountGrid.Host.Telemetry;
using AccountGrid.Host.Webhooks;
using AccountGrid.Streams.Postgres;
using Microsoft.AspNetCore.Authentication;
using Npgsql;
using Scalar.AspNetCore;

namespace AccountGrid.Host.Hosting;

/// <summary>One grid process: its database (embedded or given), a silo, and the API.</summary>
public sealed class GridHost : IAsyncDisposable
{
    /// <summary>A frozen silo is seen to be gone within a quarter of a minute; the rest is for a slow machine.</summary>
    private static readonly TimeSpan GrainsAnswerWithin = TimeSpan.FromMinutes(1);

    /// <summary>Longest time that a start which has failed takes to end what it had begun.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    public const string DefaultUrl = "http://127.0.0.1:5080";

    private readonly WebApplication _app;
    private readonly EmbeddedPostgres? _embedded;
    private readonly IDisposable _held;

    private GridHost(WebApplication app, EmbeddedPostgres? embedded, DataFolder data, IDisposable held)
    {
        _held = held;
        _app = app;
        _embedded = embedded;
        Data = data;
    }

    public DataFolder Data { get; }

    public string Url => _app.Urls.First();

    public string AdministratorKey => File.ReadAllText(Data.AdministratorKey).Trim();

    public bool IsEmbedded => _embedded is not null;

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts everything and returns when it is ready. Throws <see cref="StartException"/> with one line that says what is missing.</summary>
    public static async Task<GridHost> StartAsync(StartOptions start, Action<string> say)
    {
        BackgroundGarbageCollection.Prefer();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = start.Arguments ?? [], ContentRootPath = AppContext.BaseDirectory });
        var data = new DataFolder(start.Data ?? builder.Configuration["Data"]);
        var connectionString = builder.Configuration.GetConnectionString("AccountGrid");
        var settings = HostSettings.Read(builder.Configuration);
        var urls = Checked(start.Urls ?? builder.Configuration["urls"] ?? DefaultUrl);
        builder.WebHost.UseUrls(settings.Grpc.Url is { } grpc ? $"{urls};{grpc}" : urls);
        var (options, security) = (settings.Grid, settings.Security);
        var held = data.Hold();
        var embedded = string.IsNullOrEmpty(connectionString) ? await EmbeddedPostgres.StartAsync(data, say) : null;
        WebApplication? app = null;
        try
        {
            var address = IPAddress.TryParse(options.SiloAddress, out var given)
                ? given
                : throw new StartException($"Grid__SiloAddress: '{options.SiloAddress}' is not an IP address.");
            options.SiloPort = options.SiloPort != 0 ? options.SiloPort : data.PortFrom(21_000, 5_000, address);
            var (database, orleans, further) =
                await GridDatabase.PrepareAsync(embedded?.ConnectionString ?? connectionString!, settings.Log.Servers, options, say);
            var personal = PersonalData.Open(security, data);
            await personal.CheckAsync(database);
            var secret = await GridSecret.OpenAsync(database, personal);
            builder.Services.AddSingleton(security).AddSingleton(personal).AddSingleton(secret);
            var timeline = new ServerTimeline();
            var main = PostgresDatabase.Open(database, timeline);
            builder.Services.AddSingleton(main).AddSingleton(await LogServerMap.OpenAsync(main, further, options.Partitions, timeline))
                .AddHostedService(s => ActivatorUtilities.CreateInstance<PrimaryWatch>(s, [(IReadOnlyList<string>)[database, .. further]]));
            var clock = start.Time is null ? await DatabaseClock.StartAsync(Faults.FaultClock.FromEnvironment() ?? TimeProvider.System, database) : null;
            if (clock is not null)
            {
                builder.Services.AddHostedService(s => new ClockKeeper(clock, s.GetRequiredService<NpgsqlDataSource>()));
            }

            Configure(builder, start with { Time = start.Time ?? clock }, settings, data, orleans, secret);
            app = builder.Build();
            Map(app, TrustedProxies.Read(security.TrustedProxies));
            await StartAsync(app, options);
            var host = new GridHost(app, embedded, data, held);
            await host.EnsureAdministratorAsync();
            await File.WriteAllTextAsync(data.Address, host.Url + "\n");
            var readiness = app.Services.GetRequiredService<GridReadiness>();
            app.Lifetime.ApplicationStopping.Register(() => readiness.IsReady = false);
            readiness.IsReady = true;
            return host;
        }
        catch (Exception e)
        {
            await EndAsync(app, embedded);
            held.Dispose();
            if (e is not StartException && PassingFaults.IsOfDatabase(e))
            {
                throw new StartException($"The database failed during the start: {PassingFaults.Text(e)} Start again once it answers.");
            }

            throw;
        }
    }

    /// <summary>Ends what a start that failed has begun: its services would go on, and its silo would stay a member of the cluster.</summary>
    private static async Task EndAsync(WebApplication? app, EmbeddedPostgres? embedded)
    {
        if (app is not null)
        {
            await app.DisposeAsync().AsTask().WaitAsync(EndsWithin, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (embedded is not null)
        {
            await embedded.StopAsync();
        }
    }

    private static string Checked(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                throw new StartException($"urls: '{url}' is not an address such as {DefaultUrl}.");
            }
        }

        return urls;
    }

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Checkpoints, leaves the cluster and stops the embedded database.</summary>
    public async ValueTask DisposeAsync()
    {
        Services.GetRequiredService<GridReadiness>().IsReady = false;
        await _app.StopAsync();
        await _app.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        if (_embedded is not null)
        {
            await _embedded.StopAsync();
        }

        File.Delete(Data.Address);
        _held.Dispose();
    }

    private static async Task StartAsync(WebApplication app, GridOptions options)
    {
        try
        {
            await app.Services.GetRequiredService<TariffCatalog>().LoadAllAsync();
            await app.Services.GetRequiredService<PolicyCatalog>().RegisterShippedAsync();
            await app.Services.GetRequiredService<MeterDirectory>().LoadAsync(default);
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException
            && e.GetBaseException() is System.Net.Sockets.SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartException(
                $"A port is taken ({e.GetBaseException().Message}): choose others with --urls, Grpc__Port, Grid__SiloPort (now {options.SiloPort}) and "
                    + $"Grid__GatewayPort ({(options.GatewayPort == 0 ? "none" : $"now {options.GatewayPort}")}).");
        }
    }

    private static void Configure(WebApplicationBuilder builder, StartOptions start, HostSettings settings, DataFolder data, string database, GridSecret secret)
    {
        var (options, logOptions, security, notices, surveys, figures, channels, prepayment, billing, telemetry, mqtt, events, files, grpc) = settings;
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = IngestLimits.BytesMax;
            k.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            k.Limits.MaxRequestHeaderCount = 64;
            k.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            k.Limits.MaxConcurrentConnections = 20_000;
            k.AddServerHeader = false;
            GrpcServices.Listen(k, grpc);
        });
        builder.Logging.AddGridLogging(start.Quiet);
        builder.Services.AddSingleton(options).AddSingleton(data).AddSingleton(start.Time!)
            .AddHosting().AddTelemetry(telemetry).AddMeasures().AddGrpcReadings(grpc).AddApi().AddPartitions(options, logOptions).AddRating().AddPolicies()
            .AddIngest().AddMetering().AddAccounts().AddPrices()
            .AddNotices(notices).AddCases().AddCustomers().AddGrades(figures.Zone).AddPayments(channels).AddReconciliation().AddDirectDebit().AddSupply()
            .AddBilling(billing).AddCollections().AddComplaints().AddSurveys(surveys).AddScorecard().AddPrepayment(prepayment).AddFigures(figures)
            .AddGridSecurity(security).AddEvents(events).AddWebhooks().AddOperations().AddConsole(security).AddCustomerPages().AddMeterFiles(files).AddExports()
            .AddLists()
            .AddSingleton(settings);
        builder.Host.UseOrleans(silo => silo.AddGrid(options, database, secret));
        builder.Services.AddDeparture();

        // Last: it stops first, while everything that its messages need is there.
        builder.Services.AddMqtt(mqtt);
    }

    private static void Map(WebApplication app, ForwardedHeadersOptions? proxies)
    {
        if (proxies is not null)
        {
            app.UseForwardedHeaders(proxies);
        }

        app.Use(app.Services.GetRequiredService<ConsoleApi>().Begin);
        app.Use(AnswerHeaders.AddAsync);
        app.Use(LinkText.HideInTraceAsync);
        app.Use(GrpcErrors.TranslateAsync);
        app.Use(GrpcServices.GuardPortAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = http => ConsoleErrors.IsOfConsole(http) ? ConsoleErrors.ShowAsync(http)
                : CustomerPageErrors.IsOfPage(http) ? CustomerPageErrors.ShowAsync(http) : Problems.Handle(http),
            // A client's mistake is the client's to read about, and what passes has a line of its own; the log's stack traces are for the grid's errors.
            SuppressDiagnosticsCallback = c => !Problems.IsOfGrid(c.HttpContext, c.Exception),
        });
        app.UseStatusCodePages();
        app.UseRouting();
        app.Use(LogLines.CarryTraceAsync);
        app.Use(app.Services.GetRequiredService<RefusedLog>().WatchAsync);
        app.UseAuthentication();
        app.Use(CustomerPageEndpoints.IdentifyAsync);
        app.Use(CustomerPageErrors.ShowTooManyAsync);
        app.Use(ConsoleErrors.ShowTooManyAsync);
        app.Use(app.Services.GetRequiredService<RateLimits>().GuardAsync);

        // The page's library lets everybody have its script.
        app.Use(
            (http, next) => http.Request.Path.StartsWithSegments("/docs") && http.User.Identity?.IsAuthenticated != true ? http.ChallengeAsync() : next(http));
        app.Use(KeptForm.KeepAsync);
        app.UseAuthorization().UseRequestTimeouts();
        app.Use(KeepBodyAsync);
        app.UseMiddleware<RequestInput>();
        app.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(Permissions.AnyKey);
        MapDocs(app);
        MapApi(app.MapGroup("").AddEndpointFilter(Pages.LinkAsync).AddEndpointFilter(app.Services.GetRequiredService<AuditTrail>()));
        app.MapGrpcReadings();
        app.MapConsole();
        app.MapCustomerPages();
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapReadings();
        api.MapAccounts();
        api.MapConsumption();
        api.MapTimeline();
        api.MapRegistrations();
        api.MapMeters();
        api.MapDecisions();
        api.MapMeterFacts();
        api.MapTariffs();
        api.MapKeys();
        api.MapPolicies();
        api.MapCustomers();
        api.MapPlans();
        api.MapRegisteredCustomers();
        api.MapPrices();
        api.MapPublications();
        api.MapPriceSeries();
        api.MapCorrections();
        api.MapGrades();
        api.MapOutlook();
        api.MapAreas();
        api.MapRelays();
        api.MapGatewayReads();
        api.MapNotices();
        api.MapPageLinks();
        api.MapCases();
        api.MapComplaints();
        api.MapSurveys();
        api.MapFigures();
        api.MapChannelApi();
        api.MapPaymentChannels();
        api.MapScorecard();
        api.MapPrepayment();
        api.MapReconciliation();
        api.MapDirectDebit();
        api.MapHealth();
        api.MapAuditTrail();
        api.MapPersonalData();
        api.MapQuarantine();
        api.MapOperators();
        api.MapSearch();
        api.MapOperations();
        api.MapConfiguration();
        api.MapMqtt();
        api.MapEvents();
        api.MapWebhooks();
        api.MapMeterFiles();
        api.MapUsage();
        api.MapExports();
        api.MapLists();
    }

    /// <summary>The trail keeps a hash of what was asked for, after it was read.</summary>
    private static Task KeepBodyAsync(HttpContext http, RequestDelegate next)
    {
        if (AuditTrail.IsAudited(http))
        {
            http.Request.EnableBuffering();
        }

        return next(http);
    }

    private static void MapDocs(WebApplication app) => app
        .MapScalarApiReference("/docs", o => o.DisableDefaultFonts().DisableAgent().DisableMcp().DisableTelemetry().HideDeveloperTools().HideClientButton())
        .RequireAuthorization(Permissions.AnyKey);

    /// <summary>The first start makes an administrator's key; later ones find it, or make another if the file is gone.</summary>
    private async Task EnsureAdministratorAsync()
    {
        var keys = Services.GetRequiredService<ApiKeys>();
        if (File.Exists(Data.AdministratorKey)
            && await AskAsync(() => keys.CheckAsync(AdministratorKey), GrainsAnswerWithin, TimeProvider.System) is { Record.Role: KeyRole.Administrator })
        {
            return;
        }

        var key = await AskAsync(() => keys.CreateAsync(KeyRole.Administrator, "made at start", 0), GrainsAnswerWithin, TimeProvider.System);
        await using var writer = new StreamWriter(Data.AdministratorKey, DataFolder.OwnFile(FileMode.Create, FileAccess.Write));
        await writer.WriteLineAsync(key);
    }

    /// <summary>
    /// Asks a grain again while no silo has it: the silo that it had may just have died, and the cluster takes seconds to see it. A start does not fail for
    /// that.
    /// </summary>
    internal static async Task<T> AskAsync<T>(Func<Task<T>> ask, TimeSpan patience, TimeProvider time)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (e is OrleansException or TimeoutException && time.GetElapsedTime(began) < patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), time);
            }
        }
    }
}
