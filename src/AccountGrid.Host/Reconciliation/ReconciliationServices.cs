namespace AccountGrid.Host.Reconciliation;

/// <summary>What settlement and reconciliation need of the host.</summary>
internal static class ReconciliationServices
{
    public static IServiceCollection AddReconciliation(this IServiceCollection services) =>
        services.AddSingleton<SettlementStore>().AddSingleton<SettlementImport>().AddSingleton<Reconciliations>().AddSingleton<Corrections>()
            .AddSingleton<ReconciliationItems>().AddSingleton<CorrectionKeeper>().AddHostedService(s => s.GetRequiredService<CorrectionKeeper>());
}
