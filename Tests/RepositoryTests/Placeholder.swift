enum RepositoryTestsPlaceholder {}
