using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Hosting;

/// <summary>Says what a silo reads when it has joined its cluster and before it takes a partition.</summary>
internal sealed class FormatRegistration(NpgsqlDataSource database, ILocalSiloDetails silo) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle)
    {
        var address = silo.SiloAddress;
        lifecycle.Subscribe(nameof(FormatRegistration), ServiceLifecycleStage.ApplicationServices, cancel => FormatStore.RegisterAsync(
            database, address.Endpoint.Address.ToString(), address.Endpoint.Port, address.Generation, cancel));
    }
}
