using AccountGrid.Host.Database;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Webhooks;
using Npgsql;

namespace AccountGrid.Host.Hosting;

/// <summary>Runs the checks on a grid's database and this machine.</summary>
internal sealed class Doctor(NpgsqlDataSource database, TariffCatalog tariffs, PolicyCatalog policies, DataFolder data, GridOptions options, TimeProvider time)
{
    public async Task<IReadOnlyList<DoctorFinding>> RunAsync(CancellationToken cancel = default)
    {
        await tariffs.LoadAllAsync(cancel);
        await tariffs.Prices.LoadAsync(cancel);
        await policies.LoadAllAsync(cancel);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var (usable, taken) = await ConnectionBudget.UseAsync(database, cancel);
        await using var ownerless = database.CreateCommand("select count(*) from work_case where owner is null and state <> 'closed'");
        var drive = new DriveInfo(data.Root);
        return
        [
            .. DoctorChecks.Calendars(policies.All.Select(p => p.Definition), today),
            .. DoctorChecks.Holidays(tariffs.All.Where(t => !t.Product.IsWithdrawn(t)).Select(t => t.Definition), today),
            .. DoctorChecks.Broken(tariffs.Broken),
            .. DoctorChecks.Prices(tariffs.All.Where(t => !t.Product.IsWithdrawn(t)), time.GetUtcNow().ToUnixTimeMilliseconds()),
            .. DoctorChecks.Disk($"The disk of {data.Root}", drive.AvailableFreeSpace, drive.TotalSize),
            .. DoctorChecks.Connections(usable, taken, options.Silos),
            .. DoctorChecks.Cases((long)(await ownerless.ExecuteScalarAsync(cancel))!),
            .. DoctorChecks.Webhooks(await WebhookRegister.ListAsync(database, owner: null)),
        ];
    }
}
