namespace AccountGrid.Host.Customers;

/// <summary>What the register of customers needs of the host.</summary>
internal static class CustomerServices
{
    public static IServiceCollection AddCustomers(this IServiceCollection services) => services
        .AddSingleton<AssignmentStore>().AddSingleton<AssignmentFile>().AddSingleton<AreaStore>().AddSingleton<CustomerStore>().AddSingleton<CustomerList>()
        .AddSingleton<NoteStore>().AddSingleton<ContactKeys>().AddSingleton<SealedChannels>()
        .AddSingleton<ResponsibilityKeeper>().AddHostedService(s => s.GetRequiredService<ResponsibilityKeeper>());
}
