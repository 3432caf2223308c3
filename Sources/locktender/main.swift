print("locktender")
