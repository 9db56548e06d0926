namespace AccountGrid.Host.Lists;

/// <summary>Lists over all accounts: of accounts, meters, payments and bills.</summary>
internal static class ListServices
{
    public static IServiceCollection AddLists(this IServiceCollection services) => services
        .AddSingleton<AccountList>().AddSingleton<MeterList>().AddSingleton<PaymentList>().AddSingleton<BillList>().AddSingleton<AccountsOf>();

    public static void MapLists(this IEndpointRouteBuilder routes)
    {
        routes.MapAccountList();
        routes.MapMeterList();
        routes.MapPaymentList();
        routes.MapBillList();
    }
}
