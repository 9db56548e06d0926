using System.Net;
using AccountGrid.Contracts;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Database;
using AccountGrid.Host.Files;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Security;
using AccountGrid.Host.Supply;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Scalar.AspNetCore;

namespace AccountGrid.Host.Hosting;

/// <summary>What a process is started with.</summary>
/// <param name="Data">Data folder; null is the machine's default.</param>
/// <param name="Urls">Address of the API; null is loopback, port 5080.</param>
/// <param name="Arguments">Further configuration as <c>--Section:Name=value</c>.</param>
/// <param name="Quiet">Only warnings in the log.</param>
/// <param name="Time">The grid's clock; null is the database's.</param>
public sealed record StartOptions(string? Data = null, string? Urls = null, string[]? Arguments = null, bool Quiet = false, TimeProvider? Time = null);

/// <summary>One grid process: its database (embedded or given), a silo, and the API.</summary>
public sealed class GridHost : IAsyncDisposable
{
    /// <summary>A frozen silo is seen to be gone within a quarter of a minute; the rest is for a slow machine.</summary>
    private static readonly TimeSpan GrainsAnswerWithin = TimeSpan.FromMinutes(1);

    public const string DefaultUrl = "http://127.0.0.1:5080";
    private const string StreamProvider = "log";
    private const string Storage = "grid";

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
        var urls = start.Urls ?? builder.Configuration["urls"] ?? DefaultUrl;
        CheckUrls(urls);
        builder.WebHost.UseUrls(urls);
        var (options, security) = (settings.Grid, settings.Security);
        var held = data.Hold();
        var embedded = string.IsNullOrEmpty(connectionString) ? await EmbeddedPostgres.StartAsync(data, say) : null;
        try
        {
            var address = IPAddress.TryParse(options.SiloAddress, out var given) ? given : throw new StartException($"Grid__SiloAddress: '{options.SiloAddress}' is not an IP address.");
            options.SiloPort = options.SiloPort != 0 ? options.SiloPort : data.PortFrom(21_000, 5_000, address);
            var (database, orleans, further) = await GridDatabase.PrepareAsync(embedded?.ConnectionString ?? connectionString!, settings.Log.Servers, options, say);
            var personal = PersonalData.Open(security, data);
            await personal.CheckAsync(database);
            var secret = await GridSecret.OpenAsync(database, personal);
            builder.Services.AddSingleton(security).AddSingleton(personal).AddSingleton(secret);
            var main = PostgresDatabase.Open(database);
            builder.Services.AddSingleton(main).AddSingleton(await LogServerMap.OpenAsync(main, further, options.Partitions));
            var clock = start.Time is null ? await DatabaseClock.StartAsync(Faults.FaultClock.FromEnvironment() ?? TimeProvider.System, database) : null;
            if (clock is not null)
            {
                builder.Services.AddHostedService(s => new ClockKeeper(clock, s.GetRequiredService<NpgsqlDataSource>()));
            }

            Configure(builder, start with { Time = start.Time ?? clock }, settings, data, orleans, secret);
            var app = builder.Build();
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
            if (embedded is not null)
            {
                await embedded.StopAsync();
            }

            held.Dispose();
            if (e is not StartException && PassingFaults.IsOfDatabase(e))
            {
                throw new StartException($"The database failed during the start: {PassingFaults.Text(e)} Start again once it answers.");
            }

            throw;
        }
    }

    private static void CheckUrls(string urls)
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
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException && e.GetBaseException() is System.Net.Sockets.SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartException($"A port is taken ({e.GetBaseException().Message}): choose others with --urls, Grid__SiloPort (now {options.SiloPort}) and Grid__GatewayPort ({(options.GatewayPort == 0 ? "none" : $"now {options.GatewayPort}")}).");
        }
    }

    private static void Configure(WebApplicationBuilder builder, StartOptions start, HostSettings settings, DataFolder data, string database, GridSecret secret)
    {
        var (options, logOptions, security, notices) = settings;
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = IngestLimits.BytesMax;
            k.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            k.Limits.MaxRequestHeaderCount = 64;
            k.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            k.Limits.MaxConcurrentConnections = 20_000;
            k.AddServerHeader = false;
        });
        builder.Logging.AddGridLogging(start.Quiet);
        var services = builder.Services;
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(90));
        services.AddSingleton(options).AddSingleton(data).AddSingleton(start.Time!);
        services.AddHostedService(_ => new BackgroundGarbageCollection(BackgroundGarbageCollection.Period));
        services.AddSingleton(new AccountPartitions(options.Partitions));
        services.AddSingleton<TariffCatalog>().AddSingleton<PartitionStore>().AddSingleton<EffectsWriter>().AddHostedService<TransferMover>().AddSingleton<GridDirectory>().AddSingleton<GridReadiness>().AddSingleton<NotNowLog>();
        services.AddSingleton<Doctor>().AddSingleton<DoctorWatch>().AddHostedService(s => s.GetRequiredService<DoctorWatch>());
        services.AddSingleton<MeterDirectory>().AddHostedService(s => s.GetRequiredService<MeterDirectory>());
        services.AddSingleton<ReadingLog>().AddSingleton<ReadingIntake>().AddSingleton<MeterDays>().AddSingleton<CallerScope>().AddSingleton<AccountReader>().AddSingleton<StreamAccess>().AddSingleton<AccountStreams>().AddSingleton<AccountOpening>().AddSingleton<MeterRegistration>().AddSingleton<BulkRegistration>();
        services.AddSingleton(notices).AddSingleton(new NoticeTexts(notices));
        services.AddSingleton<IMessageChannel, FileChannel>().AddSingleton<IMessageChannel, WebhookChannel>().AddSingleton<IMessageChannel, SmsChannel>().AddSingleton<IMessageChannel, EmailChannel>();
        services.AddSingleton<IPartitionLog, PartitionLog>().AddSingleton<IOutboxStore, PostgresOutbox>().AddHostedService<OutboxDispatcher>();
        services.AddSingleton<PolicyCatalog>().AddHostedService<PolicyRefresh>();
        services.AddSingleton<Approvals>().AddSingleton<CustomerCommands>().AddSingleton<RelayDispatch>().AddSingleton<RelayTests>().AddHostedService<BillWriter>().AddHostedService<CaseEscalation>();
        services.AddPayments();
        services.AddPostgresLog(l =>
        {
            (l.Partitions, l.StreamNamespace) = (options.Partitions, PartitionGrain.StreamNamespace);
            (l.LagMax, l.QueuedBytesMax, l.CommandTimeout) = (logOptions.LagMax, logOptions.QueuedBytesMax, TimeSpan.FromSeconds(logOptions.CommandTimeoutSeconds));
        });
        services.AddMemoryCache();
        services.AddSingleton<ApiKeys>().AddSingleton<CustomerTokens>().AddSingleton<Callers>().AddSingleton<Ownership>().AddSingleton<AuditTrail>().AddSingleton<IHeadsReceiver, WebhookHeads>().AddSingleton<TrailHeads>().AddHostedService(s => s.GetRequiredService<TrailHeads>()).AddSingleton<AuditOutcomes>().AddHostedService(s => s.GetRequiredService<AuditOutcomes>()).AddSingleton<Microsoft.AspNetCore.Authorization.IAuthorizationHandler, AccessHandler>();
        services.AddProblemDetails(p => p.CustomizeProblemDetails = Problems.Customize);
        Security.Authentication.Add(services, security);
        services.AddSingleton(new RateLimits(security)).AddSingleton<RefusedLog>();
        services.AddRequestTimeouts(t => t.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(100), TimeoutStatusCode = 503 });
        services.AddAuthorization(Permissions.Add);
        services.ConfigureHttpJsonOptions(o => ApiJson.Strict(o.SerializerOptions));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddOpenApi("v1", o => o.AddDocumentTransformer<ApiDocument>());
        builder.Host.UseOrleans(silo => ConfigureSilo(silo, options, database, secret));

        // Behind the silo's: hosted services stop in reverse order, and states are written while the silo is in its cluster.
        services.AddSingleton<Departure>().AddHostedService(s => s.GetRequiredService<Departure>());
    }

    private static void ConfigureSilo(ISiloBuilder silo, GridOptions options, string database, GridSecret secret)
    {
        const string Invariant = "Npgsql";
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.ClusterId, "accountgrid"));
        silo.ConfigureEndpoints(IPAddress.Parse(options.SiloAddress), options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: false);
        if (options.SiloListenPort != 0)
        {
            silo.Configure<EndpointOptions>(o => o.SiloListeningEndpoint = new IPEndPoint(IPAddress.Parse(options.SiloAddress), options.SiloListenPort));
        }

        // How long a silo that has deactivated its grains waits for their last messages to leave; all it sends then are a few words to the directory.
        silo.Configure<SiloMessagingOptions>(o => o.WaitForMessageToBeQueuedForOutboundTime = TimeSpan.FromMilliseconds(250));
        SiloTls.Use(silo, options, secret);
        silo.AddIncomingGrainCallFilter<GrainBorder>();
        CallGuard.Use(silo);
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, database));
        silo.UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Invariant, database));
        silo.AddAdoNetGrainStorage(Storage, o => (o.Invariant, o.ConnectionString) = (Invariant, database));
        silo.AddPostgresLogStreams(StreamProvider);

        // What fails before a call, while a grain is made, passes no filter: there the database's own exceptions cross by their message.
        silo.Configure<Orleans.Serialization.ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.Add("Npgsql"));
        silo.Services.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            // A kill is noticed in about two seconds, a freeze in about seven; fencing makes a false alarm cost time, never money.
            o.ProbeTimeout = TimeSpan.FromSeconds(1);
            o.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            o.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
            o.DefunctSiloExpiration = TimeSpan.FromDays(1);
        });
        silo.Configure<GrainCollectionOptions>(o =>
        {
            o.CollectionAge = TimeSpan.FromMinutes(5);
            o.ClassSpecificCollectionAge[typeof(PartitionGrain).FullName!] = TimeSpan.FromDays(1);
            o.DeactivationTimeout = TimeSpan.FromSeconds(60);

            // A partition that waits for its turn to load, or replays much, is not to be cancelled and begun again: that never ends.
            o.ActivationTimeout = TimeSpan.FromMinutes(15);
        });
    }

    private static void Map(WebApplication app, ForwardedHeadersOptions? proxies)
    {
        if (proxies is not null)
        {
            app.UseForwardedHeaders(proxies);
        }

        app.Use(AnswerHeaders.AddAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Problems.Handle,
            // A client's mistake is the client's to read about, and what passes has a line of its own; the log's stack traces are for the grid's errors.
            SuppressDiagnosticsCallback = c => !Problems.IsOfGrid(c.HttpContext, c.Exception),
        });
        app.UseStatusCodePages();
        app.Use(LogLines.CarryTraceAsync);
        app.Use(app.Services.GetRequiredService<RefusedLog>().WatchAsync);
        app.UseAuthentication();
        app.Use(app.Services.GetRequiredService<RateLimits>().GuardAsync);

        // The page's library lets everybody have its script.
        app.Use((http, next) => http.Request.Path.StartsWithSegments("/docs") && http.User.Identity?.IsAuthenticated != true ? http.ChallengeAsync() : next(http));
        app.UseAuthorization();
        app.UseRequestTimeouts();
        app.Use((http, next) =>
        {
            // The trail keeps a hash of what was asked for, after it was read.
            if (AuditTrail.IsAudited(http))
            {
                http.Request.EnableBuffering();
            }

            return next(http);
        });
        app.UseMiddleware<RequestInput>();
        app.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(Permissions.AnyKey);
        app.MapScalarApiReference("/docs", o => o.DisableDefaultFonts().DisableAgent().DisableMcp().DisableTelemetry().HideDeveloperTools().HideClientButton()).RequireAuthorization(Permissions.AnyKey);
        var api = app.MapGroup("").AddEndpointFilter(app.Services.GetRequiredService<AuditTrail>());
        api.MapReadings();
        api.MapAccounts();
        api.MapRegistrations();
        api.MapMeters();
        api.MapTariffs();
        api.MapKeys();
        api.MapPolicies();
        api.MapCustomers();
        api.MapRelays();
        api.MapGatewayReads();
        api.MapNotices();
        api.MapCases();
        api.MapChannelApi();
        api.MapPaymentChannels();
        api.MapHealth();
        api.MapAuditTrail();
        api.MapPersonalData();
        api.MapQuarantine();
    }

    /// <summary>The first start makes an administrator's key; later ones find it, or make another if the file is gone.</summary>
    private async Task EnsureAdministratorAsync()
    {
        var keys = Services.GetRequiredService<ApiKeys>();
        if (File.Exists(Data.AdministratorKey) && await AskAsync(() => keys.CheckAsync(AdministratorKey), GrainsAnswerWithin, TimeProvider.System) is { Record.Role: KeyRole.Administrator })
        {
            return;
        }

        var key = await AskAsync(() => keys.CreateAsync(KeyRole.Administrator, "made at start", 0), GrainsAnswerWithin, TimeProvider.System);
        await using var writer = new StreamWriter(Data.AdministratorKey, DataFolder.OwnFile(FileMode.Create, FileAccess.Write));
        await writer.WriteLineAsync(key);
    }

    /// <summary>Asks a grain again while no silo has it: the silo that it had may just have died, and the cluster takes seconds to see it. A start does not fail for that.</summary>
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
