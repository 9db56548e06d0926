using System.Net;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using Orleans.Configuration;

namespace AccountGrid.Host.Hosting;

/// <summary>The silo of a grid process: its cluster, its ports, its grains and their streams.</summary>
internal static class GridSilo
{
    private const string StreamProvider = "log";
    private const string Storage = "grid";

    public static void AddGrid(this ISiloBuilder silo, GridOptions options, string database, GridSecret secret)
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
}
